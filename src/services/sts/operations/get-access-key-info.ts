// GetAccessKeyInfo: the account of an access key.

import { accountOfAccessKey } from '../../../aws/access-key.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Sts } from '../service.ts';

export const getAccessKeyInfo: HandlerOf<Sts, 'GetAccessKeyInfo'> = ({ AccessKeyId }) => ({
  Account: accountOfAccessKey(AccessKeyId),
});
