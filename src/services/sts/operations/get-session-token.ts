// GetSessionToken: temporary credentials with the caller's own identity.

import type { Operation } from '../sdk.ts';
import { identityIn, newCredentials, transitiveTagsIn } from '../session.ts';

const DEFAULT_SECONDS = 12 * 3600;

/** Passes on the session's transitive tags. AWS: the default duration is 12 hours. */
export const GetSessionToken: Operation<'GetSessionToken'> = (sts, input, context) => {
  const { DurationSeconds: seconds = DEFAULT_SECONDS } = input;
  const expires = sts.clock.now() + seconds * 1_000;
  const { accountId, sessionToken: token } = context;
  return { Credentials: newCredentials(accountId, expires, identityIn(token), transitiveTagsIn(token)) };
};
