// Which replica takes over. Never one that is empty because it has not synced yet: promoting it would lose the data
// of all the others.

import type { Shard } from './model.ts';
import { type Observation, type ObservedMember, observed } from './observation.ts';

/** The replica with the least lag, the lowest id among equals; `undefined` when none may be promoted. */
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

/** A replica that has its primary's data, so that it could take its place. */
export const isFit = ({ state, view }: ObservedMember): boolean =>
  state === 'running' && view?.role === 'replica' && !view.loading && !view.neverSynced;

/** The longest that a failover waits for a replica that runs and does not say how far it is. */
const PATIENCE_MS = 5_000;

/**
 * True when a replica in service has not said yet how far it is: just adopted, or late with its answer. It may have
 * what nobody else has. It answers soon, or the fleet finds it busy or hung; one that is full of clients does neither.
 */
export function someReplicaMayBeAhead(shard: Shard, observation: Observation): boolean {
  return shard.members.some((member) => {
    if (member.id === shard.primaryId || member.phase === 'deleting') return false;
    const { state, view, loads, silentMs = 0 } = observed(observation, member.id);
    if (silentMs >= PATIENCE_MS) return false;
    return (state === 'running' && !view) || (state === 'starting' && member.phase === 'available' && !loads);
  });
}

/** True when a replica lives that may turn out to be fit once it answers: worth waiting for. */
export function someReplicaMayAnswer(shard: Shard, observation: Observation): boolean {
  return shard.members.some((member) => {
    if (member.id === shard.primaryId || member.phase === 'deleting') return false;
    const { state, view } = observed(observation, member.id);
    return state === 'busy' || (state === 'running' && (!view || view.loading));
  });
}
