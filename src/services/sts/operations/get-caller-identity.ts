// The caller, as the request's signature names it. Signatures are read, not verified, so there is one user: root.

import { partitionOf } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Sts } from '../service.ts';

export const getCallerIdentity: HandlerOf<Sts, 'GetCallerIdentity'> = (_input, context) => ({
  // AWS: root's user id is the account's.
  UserId: context.accountId,
  Account: context.accountId,
  Arn: `arn:${partitionOf(context.region)}:iam::${context.accountId}:root`,
});
