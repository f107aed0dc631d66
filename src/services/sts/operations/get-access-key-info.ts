// GetAccessKeyInfo: the account of an access key.

import { accountOfAccessKey } from '../../../kernel/access-key.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalidAccessKey } from '../faults.ts';
import type { Sts } from '../service.ts';

export const getAccessKeyInfo: HandlerOf<Sts, 'GetAccessKeyInfo'> = ({ AccessKeyId: key }) => {
  // AWS: 16 at least; but here an account's id, of 12, is an access key as well.
  if (!/^\w{12,128}$/.test(key)) throw invalidAccessKey(key);
  return { Account: accountOfAccessKey(key) };
};
