// The caller, as the request names it: a role's session by its token, else root, as signatures are read and not
// verified.

import { partitionOf } from '../../../aws/scope.ts';
import type { Operation } from '../sdk.ts';
import { identityIn } from '../session.ts';

export const GetCallerIdentity: Operation<'GetCallerIdentity'> = (_sts, _input, context) => {
  const { userId, arn } = identityIn(context.sessionToken) ?? {
    // AWS: root's user id is the account's.
    userId: context.accountId,
    arn: `arn:${partitionOf(context.region)}:iam::${context.accountId}:root`,
  };
  return { UserId: userId, Account: context.accountId, Arn: arn };
};
