// Plans what becomes of members that cuts of the network isolate. They run on and answer Millpond, which reaches them
// over a socket that no cut affects, so their state alone does not say that they have failed.

import { type Action, acts, type Planned, waits } from './action.ts';
import type { Member } from './model.ts';
import { isDown, isIsolated, type Observation, type ObservedMember, observed } from './observation.ts';

/** Whether the member has been isolated for as long as it takes to count as failed. */
export function hasLostContact({ isolatedSince }: ObservedMember, observation: Observation): boolean {
  return isolatedSince !== undefined && observation.at - isolatedSince >= observation.failureDetectionMs;
}

/** Whether another member must take the primary's place: it is down, or has been isolated for long enough. */
export const hasFailed = (seen: ObservedMember, observation: Observation): boolean =>
  isDown(seen) || hasLostContact(seen, observation);

/**
 * Leaves an isolated replica alone until it can be reached again: it could neither follow its primary nor learn who that
 * is. `undefined` for all others.
 */
export function planIsolatedReplica(member: Member, observation: Observation): Planned | undefined {
  const seen = observed(observation, member.id);
  if (!isIsolated(seen)) return undefined;
  // One that accepts writes was a primary until now, or was elected by other isolated nodes.
  if (seen.state === 'running' && seen.view?.role === 'primary' && member.phase !== 'creating')
    return { ...acts(...fence(member)), waitsFor: isolationOf(member) };
  return waits(isolationOf(member));
}

const fence = ({ id: memberId }: Member): Action[] => [{ do: 'kill', memberId }];

/** Why the plan waits for the member: one clause of text. */
export const isolationOf = ({ id }: Pick<Member, 'id'>): string =>
  `cuts of the network keep ${id} from most of its group and from clients`;
