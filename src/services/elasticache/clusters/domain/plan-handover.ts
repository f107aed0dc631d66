// Plans a change of a shard's primary that is under way.

import { acts, type Planned, record, waits } from './action.ts';
import { chooseReplica, isFit, someReplicaMayAnswer, someReplicaMayBeAhead } from './choose-replica.ts';
import { electedPrimary } from './elected-primary.ts';
import { failOver, primaryDied, SOME_MAY_ANSWER, SOME_MAY_BE_AHEAD } from './fail-over.ts';
import type { Group, Handover, Shard } from './model.ts';
import { isDown, isIsolated, isServingPrimary, type Observation, observed } from './observation.ts';
import { hasFailed } from './plan-isolated.ts';

/** The next step of the handover. */
export function planHandover(
  group: Group,
  shard: Shard,
  handover: Handover,
  observation: Observation,
): Planned {
  const led = ledByAnother(group, shard, handover, observation);
  if (led) return led;
  if (handover.kind === 'test') {
    const to = chooseReplica(shard, observation);
    // The choice waits until the primary is dead: until then, writes can change which replica has the least lag.
    if (to && !isDown(observed(observation, handover.from)))
      return acts({ do: 'kill', memberId: handover.from });
    if (to && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
    if (to) return failOver(shard, handover.from, to);
    if (someReplicaMayAnswer(shard, observation)) return waits(SOME_MAY_ANSWER);
    return acts(record({ kind: 'handover-abandoned', shardId: shard.id }));
  }
  const { from, to } = handover;
  const source = observed(observation, from);
  const target = observed(observation, to);
  if (handover.kind === 'failure') {
    if (isServingPrimary(target) || isFit(target)) return failOver(shard, from, to, { begun: true });
    // It may be the primary already. Until its role is known, no other member is promoted.
    if (!isDown(target) && target.view?.role !== 'replica')
      return waits(`${to} may be the primary already, and has not reported its role`);
    const other = chooseReplica(shard, observation);
    if (other && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
    if (other) return acts({ do: 'kill', memberId: to }, ...failOver(shard, from, other).actions);
    if (someReplicaMayAnswer(shard, observation)) return waits(SOME_MAY_ANSWER);
    return acts(record({ kind: 'handover-abandoned', shardId: shard.id }));
  }
  // With both alive the switch runs again, which also unblocks the old primary's writers.
  if (isServingPrimary(target) && hasFailed(source, observation)) {
    return acts({ do: 'kill', memberId: from }, primaryDied(shard, to));
  }
  if (hasFailed(source, observation) && group.automaticFailover && isFit(target))
    return failOver(shard, from, to);
  if ([source, target].some((seen) => isDown(seen) || isIsolated(seen) || seen.detached)) {
    return acts(record({ kind: 'handover-abandoned', shardId: shard.id }));
  }
  return acts({ do: 'switch', shardId: shard.id, from, to });
}

/** A record from a backup may name a handover that was already carried out, and perhaps followed by another one. */
function ledByAnother(
  group: Group,
  shard: Shard,
  handover: Handover,
  observation: Observation,
): Planned | undefined {
  const elected = electedPrimary(group, shard, observation);
  if (!elected || elected.isEmpty || (handover.kind !== 'test' && elected.id === handover.to))
    return undefined;
  const source = observed(observation, handover.from);
  const failed = hasFailed(source, observation);
  if (isServingPrimary(source) && !failed) return undefined;
  if (failed) return acts({ do: 'kill', memberId: handover.from }, primaryDied(shard, elected.id));
  return acts(record({ kind: 'primary-changed', shardId: shard.id, to: elected.id }));
}
