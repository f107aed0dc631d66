// Detects a primary that the record does not know. In cluster mode the engines may have elected one while Millpond
// was away, and a record from a backup may be older than the last failover.

import type { Group, Member, Shard } from './model.ts';
import { isIsolated, isServingPrimary, type Observation, observed } from './observation.ts';
import { copiesOf, hasData } from './surviving-data.ts';

/** A member that serves as primary although the record names another. */
export interface Elected {
  id: string;
  /** The member has no data while another member of the shard has: it must not be recorded as the primary. */
  isEmpty: boolean;
}

/** The member that serves the shard instead of the recorded primary; `undefined` when there is none. */
export function electedPrimary(group: Group, shard: Shard, observation: Observation): Elected | undefined {
  const leads = (member: Member) =>
    group.clusterEnabled ? claimsSlots(member, observation) : isFollowed(shard, member, observation);
  const elected = shard.members.find(
    (member) =>
      member.id !== shard.primaryId &&
      member.phase !== 'deleting' &&
      isServingPrimary(observed(observation, member.id)) &&
      !isIsolated(observed(observation, member.id)) &&
      leads(member),
  );
  if (!elected) return undefined;
  const has = (memberId: string) => hasData(observed(observation, memberId).view!);
  const othersHaveData = copiesOf(shard, observation).some(
    ({ memberId, at }) => memberId !== elected.id && (at === 'disk' || has(memberId)),
  );
  const isEmpty = !has(elected.id) && othersHaveData;
  return { id: elected.id, isEmpty };
}

/** Whether another member replicates from this one. Only a failover makes a replica the primary of others. */
function isFollowed(shard: Shard, { id, address }: Member, observation: Observation): boolean {
  return shard.members.some((other) => {
    const { view } = observed(observation, other.id);
    return (
      other.id !== id && view?.role === 'replica' && view.primaryAddress === address && !view.neverSynced
    );
  });
}

/** Cluster mode: whether the member itself reports that it owns slots. */
export function claimsSlots(member: Member, observation: Observation): boolean {
  const nodes = observed(observation, member.id).view?.cluster?.nodes;
  const self = nodes?.find((node) => node.id === member.engineNodeId);
  return (self?.slotCount ?? 0) > 0;
}
