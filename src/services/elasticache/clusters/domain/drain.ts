// Draining members: how long clients may stay connected, and which members names may point to meanwhile.

import { type Group, type Member, membersOf } from './model.ts';

/** Whether a name that several members serve may point to this one. */
export const isOffered = ({ phase, drain }: Member): boolean => phase !== 'deleting' && !drain;

/**
 * Milliseconds for which the member's clients may still stay connected. 0 without a drain, after the grace period, and
 * when the clock was set back to before the drain began. `at`: milliseconds since the epoch.
 */
export function graceLeftMs({ drain }: Member, at: number, graceMs: number): number {
  if (!drain || at < drain.since) return 0;
  return Math.max(0, drain.since + graceMs - at);
}

/** The shortest remaining grace period in the group, in milliseconds; `undefined` when there is none. */
export function nextGraceMs(group: Group, at: number, graceMs: number): number | undefined {
  const left = membersOf(group)
    .map((member) => graceLeftMs(member, at, graceMs))
    .filter((ms) => ms > 0);
  return left.length > 0 ? Math.min(...left) : undefined;
}
