// Which replica takes over. Never one that is empty because it has not synced yet: promoting it would lose the data
// of all the others.

import type { Shard } from './model.ts';
import { type Observation, observed } from './observation.ts';

/** The replica with the least lag, the lowest id among equals; `undefined` when none may be promoted. */
export function chooseReplica(shard: Shard, observation: Observation): string | undefined {
  let best: { id: string; offset: number } | undefined;
  for (const member of shard.members) {
    if (member.id === shard.primaryId || member.phase === 'deleting') continue;
    const { state, view } = observed(observation, member.id);
    if (state !== 'running' || !view || view.role !== 'replica') continue;
    if (view.loading || view.neverSynced) continue;
    if (!best || view.offset > best.offset) best = { id: member.id, offset: view.offset };
  }
  return best?.id;
}

/** True when a replica lives that may turn out to be fit once it answers: worth waiting for. */
export function someReplicaMayAnswer(shard: Shard, observation: Observation): boolean {
  return shard.members.some((member) => {
    if (member.id === shard.primaryId || member.phase === 'deleting') return false;
    const { state, view } = observed(observation, member.id);
    return state === 'busy' || (state === 'running' && (!view || view.loading));
  });
}
