// GetAccessKeyInfo: the account of an access key.

import { accountOfAccessKey } from '../../../aws/access-key.ts';
import type { Operation } from '../sdk.ts';

/** The account follows from the key; nothing is looked up. */
export const GetAccessKeyInfo: Operation<'GetAccessKeyInfo'> = (_sts, { AccessKeyId }) => ({
  Account: accountOfAccessKey(AccessKeyId),
});
