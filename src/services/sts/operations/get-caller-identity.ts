// GetCallerIdentity: the role session that the token names, else the account's root user.

import { partitionOf } from '../../../aws/scope.ts';
import type { Operation } from '../sdk.ts';
import { identityIn } from '../session.ts';

/** Never fails. */
export const GetCallerIdentity: Operation<'GetCallerIdentity'> = (_sts, _input, context) => {
  const { userId, arn } = identityIn(context.sessionToken) ?? {
    // AWS: the id of the root user is the account's id.
    userId: context.accountId,
    arn: `arn:${partitionOf(context.region)}:iam::${context.accountId}:root`,
  };
  return { UserId: userId, Account: context.accountId, Arn: arn };
};
