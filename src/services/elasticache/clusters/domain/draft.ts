// Drafts new members and shards as records, each with a name, a zone, a subnet and an address. Pure: random ids and
// free addresses come in through `PlacementContext`.

import { insufficientCacheClusterCapacityFault } from '../../faults/clusters.ts';
import { invalidParameterValue } from '../../faults/requests.ts';
import type { Member, Shard } from './model.ts';
import { chooseZones, freeMemberNumbers, memberIdOf } from './placement.ts';
import type { SlotRange } from './slots.ts';
import type { WantedZones } from './topology.ts';

/** A subnet of the group's subnet group. */
export interface Subnet {
  id: string;
  zone: string;
  cidr: string;
}

/** What drafting needs from outside the group. */
export interface PlacementContext {
  groupId: string;
  clusterEnabled: boolean;
  subnets: readonly Subnet[];
  now: number;
  /** Whether a cluster outside the group has this id. */
  isTaken(memberId: string): boolean;
  /** 40 hexadecimal digits. */
  newEngineNodeId(): string;
  /** A free address of the subnet, each at most once; `undefined` when the subnet is full. */
  takeAddress(cidr: string): string | undefined;
}

/** A new shard whose first member is the primary. Throws as `draftMembers` does. */
export function draftShard(
  placement: PlacementContext,
  shape: { id: string; slots: SlotRange[]; memberCount: number; zones: WantedZones },
): Shard {
  const shard: Shard = { id: shape.id, slots: shape.slots, primaryId: '', epoch: 1, members: [] };
  const members = draftMembers(placement, shard, shape.memberCount, shape.zones);
  return { ...shard, members, primaryId: members[0]!.id };
}

/**
 * `count` further members of a shard. The zones in `wanted` are used first, in order. Throws InvalidParameterValue for
 * a zone without a subnet, InsufficientCacheClusterCapacity when a zone has no free address.
 */
export function draftMembers(
  placement: PlacementContext,
  shard: Shard,
  count: number,
  wanted: WantedZones,
): Member[] {
  const zones = [...new Set(placement.subnets.map((subnet) => subnet.zone))];
  const unknown = wanted.find((zone) => zone !== undefined && !zones.includes(zone));
  if (unknown !== undefined) {
    throw invalidParameterValue(
      `The availability zone ${unknown} is not one of the cache subnet group's: ${zones.join(', ')}.`,
    );
  }
  const present = shard.members.map((member) => member.zone);
  const chosen = chooseZones(zones, count, { wanted, present, offset: Number(shard.id) - 1 });
  const isTaken = (number: number) =>
    placement.isTaken(memberIdOf(placement.groupId, shard.id, number, placement.clusterEnabled));
  return freeMemberNumbers(shard, count, isTaken).map((number, index) => {
    const zone = chosen[index]!;
    const { subnet, address } = addressIn(placement, zone);
    return {
      id: memberIdOf(placement.groupId, shard.id, number, placement.clusterEnabled),
      zone,
      subnetId: subnet.id,
      subnetCidr: subnet.cidr,
      address,
      createdAt: placement.now,
      phase: 'creating' as const,
      start: { data: 'discard' as const },
      ...(placement.clusterEnabled && { engineNodeId: placement.newEngineNodeId() }),
    };
  });
}

function addressIn(placement: PlacementContext, zone: string): { subnet: Subnet; address: string } {
  for (const subnet of placement.subnets) {
    if (subnet.zone !== zone) continue;
    const address = placement.takeAddress(subnet.cidr);
    if (address) return { subnet, address };
  }
  throw insufficientCacheClusterCapacityFault(`There is no free address left in ${zone}.`);
}
