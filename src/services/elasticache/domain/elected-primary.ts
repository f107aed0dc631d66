// In cluster mode the engines may have chosen a primary by themselves while Millpond was away.

import type { Group, Member, Shard } from './model.ts';
import { isServingPrimary, type Observation, observed } from './observation.ts';
import { hasData, holdingsOf } from './what-is-left.ts';

export interface Elected {
  id: string;
  /** It has nothing, and another member of the shard has data: it must not become the primary by the record. */
  isEmpty: boolean;
}

/** The member that serves the shard's slots in the place of its primary by the record. */
export function electedPrimary(group: Group, shard: Shard, observation: Observation): Elected | undefined {
  if (!group.clusterEnabled) return undefined;
  const elected = shard.members.find(
    (member) =>
      member.id !== shard.primaryId &&
      member.phase !== 'deleting' &&
      isServingPrimary(observed(observation, member.id)) &&
      claimsSlots(member, observation),
  );
  if (!elected) return undefined;
  const othersHaveData = holdingsOf(shard, observation).some(({ memberId }) => memberId !== elected.id);
  const isEmpty = !hasData(observed(observation, elected.id).view!) && othersHaveData;
  return { id: elected.id, isEmpty };
}

export function claimsSlots(member: Member, observation: Observation): boolean {
  const nodes = observed(observation, member.id).view?.cluster?.nodes;
  const self = nodes?.find((node) => node.id === member.engineNodeId);
  return (self?.slotCount ?? 0) > 0;
}
