// Chooses the replica to promote. Never chooses one that is empty because it has not synced yet: promoting it would
// delete the data of all the others.

import type { Shard } from './model.ts';
import { isIsolated, type Observation, type ObservedMember, observed } from './observation.ts';

/** The id of the replica with the least lag, and among equals the lowest id; `undefined` when none can be promoted. */
export function chooseReplica(shard: Shard, observation: Observation): string | undefined {
  let best: { id: string; offset: number } | undefined;
  for (const member of shard.members) {
    if (member.id === shard.primaryId || member.phase === 'deleting') continue;
    const seen = observed(observation, member.id);
    if (!isFit(seen)) continue;
    const { offset } = seen.view!;
    if (!best || offset > best.offset) best = { id: member.id, offset };
  }
  return best?.id;
}

/** True for a replica that has synced with its primary and can be reached, so that it can be promoted. */
export const isFit = (member: ObservedMember): boolean => {
  const { state, view } = member;
  const hasData = state === 'running' && view?.role === 'replica' && !view.loading && !view.neverSynced;
  return hasData && !isIsolated(member);
};

/** How long a failover waits for a running replica that does not report its offset. */
const MAX_SILENCE_MS = 5_000;

/**
 * True when a replica in service has not reported its offset yet, because it was just adopted or answers late. It may
 * have the newest data. Usually it answers soon, or the fleet finds it busy or hung; a replica whose connections are
 * all taken does neither, hence the limit.
 */
export function someReplicaMayBeAhead(shard: Shard, observation: Observation): boolean {
  return shard.members.some((member) => {
    if (member.id === shard.primaryId || member.phase === 'deleting') return false;
    const seen = observed(observation, member.id);
    const { state, view, loads, silentMs = 0 } = seen;
    if (silentMs >= MAX_SILENCE_MS || isIsolated(seen)) return false;
    return (state === 'running' && !view) || (state === 'starting' && member.phase === 'available' && !loads);
  });
}

/** True when a live replica may turn out to be promotable once it answers. */
export function someReplicaMayAnswer(shard: Shard, observation: Observation): boolean {
  return shard.members.some((member) => {
    if (member.id === shard.primaryId || member.phase === 'deleting') return false;
    const { state, view } = observed(observation, member.id);
    return state === 'busy' || (state === 'running' && (!view || view.loading));
  });
}
