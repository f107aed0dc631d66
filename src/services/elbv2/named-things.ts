// How many things a request may name, so that no request holds the event loop.

import { validation } from './faults.ts';

/** More than any balancer has of anything. AWS documents a limit for some requests only. */
const MOST = 1_000;

/** The list of a request; an absent one is empty. Throws ValidationError (own) when it is too long. */
export function named<T>(items: readonly T[] | undefined, what: string, most = MOST): readonly T[] {
  const all = items ?? [];
  if (all.length > most) throw validation(`At most ${most} ${what} can be specified in one request`);
  return all;
}
