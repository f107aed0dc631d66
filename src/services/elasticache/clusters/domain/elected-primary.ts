// A primary that the record does not know: in cluster mode the engines may have chosen one by themselves while Millpond
// was away, and a record that comes from a backup may be older than the last failover.

import type { Group, Member, Shard } from './model.ts';
import { isServingPrimary, type Observation, observed } from './observation.ts';
import { hasData, holdingsOf } from './what-is-left.ts';

export interface Elected {
  id: string;
  /** It has nothing, and another member of the shard has data: it must not become the primary by the record. */
  isEmpty: boolean;
}

/** The member that serves the shard in the place of its primary by the record. */
export function electedPrimary(group: Group, shard: Shard, observation: Observation): Elected | undefined {
  const leads = (member: Member) =>
    group.clusterEnabled ? claimsSlots(member, observation) : isFollowed(shard, member, observation);
  const elected = shard.members.find(
    (member) =>
      member.id !== shard.primaryId &&
      member.phase !== 'deleting' &&
      isServingPrimary(observed(observation, member.id)) &&
      leads(member),
  );
  if (!elected) return undefined;
  const has = (memberId: string) => hasData(observed(observation, memberId).view!);
  const othersHaveData = holdingsOf(shard, observation).some(
    ({ memberId, at }) => memberId !== elected.id && (at === 'disk' || has(memberId)),
  );
  const isEmpty = !has(elected.id) && othersHaveData;
  return { id: elected.id, isEmpty };
}

/** Another member has its data from it. Nothing but a failover makes a replica the primary of others. */
function isFollowed(shard: Shard, { id, address }: Member, observation: Observation): boolean {
  return shard.members.some((other) => {
    const { view } = observed(observation, other.id);
    return (
      other.id !== id && view?.role === 'replica' && view.primaryAddress === address && !view.neverSynced
    );
  });
}

export function claimsSlots(member: Member, observation: Observation): boolean {
  const nodes = observed(observation, member.id).view?.cluster?.nodes;
  const self = nodes?.find((node) => node.id === member.engineNodeId);
  return (self?.slotCount ?? 0) > 0;
}
