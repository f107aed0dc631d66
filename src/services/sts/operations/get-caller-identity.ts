// The caller, as the request's signature names it. Signatures are read, not verified, so there is one user.

import type { Handler, Input, Output } from '../../../wire/service.ts';
import type { Sts } from '../service.ts';

export const getCallerIdentity: Handler<Input<Sts, 'GetCallerIdentity'>, Output<Sts, 'GetCallerIdentity'>> = (
  _input,
  context,
) => ({
  UserId: 'AIDAMILLPOND0000LOCAL',
  Account: context.accountId,
  Arn: `arn:aws:iam::${context.accountId}:root`,
});
