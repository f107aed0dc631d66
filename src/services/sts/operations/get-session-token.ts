// GetSessionToken: temporary credentials of whoever calls.

import { systemClock } from '../../../kernel/clock.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalidDuration } from '../faults.ts';
import type { Sts } from '../service.ts';
import { identityIn, newCredentials } from '../session.ts';

const LEAST_SECONDS = 900;
const MOST_SECONDS = 36 * 3600;
const USUAL_SECONDS = 12 * 3600;

export const getSessionToken: HandlerOf<Sts, 'GetSessionToken'> = (input, context) => {
  const { DurationSeconds: seconds = USUAL_SECONDS } = input;
  if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
    throw invalidDuration(seconds, LEAST_SECONDS, MOST_SECONDS);
  }
  const expires = systemClock.now() + seconds * 1_000;
  return { Credentials: newCredentials(context.accountId, expires, identityIn(context.sessionToken)) };
};
