// Members that clients are to leave: how long they may still stay, and which members names may lead to meanwhile.

import { type Group, type Member, membersOf } from './model.ts';

/** Whether a name that several members serve may lead to this one. */
export const isOffered = ({ phase, drain }: Member): boolean => phase !== 'deleting' && !drain;

/**
 * Milliseconds for which the member's clients may still stay; 0 without a drain, when the grace is over, and when the
 * clock was set back to before its beginning. `at` in milliseconds since the epoch.
 */
export function graceLeftMs({ drain }: Member, at: number, graceMs: number): number {
  if (!drain || at < drain.since) return 0;
  return Math.max(0, drain.since + graceMs - at);
}

/** The shortest grace that is left in the group, in milliseconds; `undefined` when none is. */
export function nextGraceMs(group: Group, at: number, graceMs: number): number | undefined {
  const left = membersOf(group)
    .map((member) => graceLeftMs(member, at, graceMs))
    .filter((ms) => ms > 0);
  return left.length > 0 ? Math.min(...left) : undefined;
}
