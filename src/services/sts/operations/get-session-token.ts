// GetSessionToken: temporary credentials of whoever calls.

import type { Operation } from '../sdk.ts';
import { identityIn, newCredentials, transitiveTagsIn } from '../session.ts';

const USUAL_SECONDS = 12 * 3600;

export const GetSessionToken: Operation<'GetSessionToken'> = (sts, input, context) => {
  const { DurationSeconds: seconds = USUAL_SECONDS } = input;
  const expires = sts.clock.now() + seconds * 1_000;
  const { accountId, sessionToken: token } = context;
  return { Credentials: newCredentials(accountId, expires, identityIn(token), transitiveTagsIn(token)) };
};
