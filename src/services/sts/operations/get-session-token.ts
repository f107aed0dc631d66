// GetSessionToken: temporary credentials of whoever calls.

import { systemClock } from '../../../kernel/clock.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Sts } from '../service.ts';
import { identityIn, newCredentials, transitiveTagsIn } from '../session.ts';

const USUAL_SECONDS = 12 * 3600;

export const getSessionToken: HandlerOf<Sts, 'GetSessionToken'> = (input, context) => {
  const { DurationSeconds: seconds = USUAL_SECONDS } = input;
  const expires = systemClock.now() + seconds * 1_000;
  const { accountId, sessionToken: token } = context;
  return { Credentials: newCredentials(accountId, expires, identityIn(token), transitiveTagsIn(token)) };
};
