// New members and shards as records: named, placed in a zone and a subnet, with an address each. The random and the
// taken are arguments.

import { insufficientCacheClusterCapacityFault, invalidParameterValue } from '../../faults.ts';
import type { Member, Shard } from './model.ts';
import { chooseZones, freeMemberNumbers, memberIdOf } from './placement.ts';
import type { SlotRange } from './slots.ts';
import type { WantedZones } from './topology.ts';

export interface Subnet {
  id: string;
  zone: string;
  cidr: string;
}

export interface Placing {
  groupId: string;
  clusterEnabled: boolean;
  subnets: readonly Subnet[];
  now: number;
  /** Whether a cluster outside the group bears this id already. */
  isTaken(memberId: string): boolean;
  /** 40 hexadecimal digits. */
  newEngineNodeId(): string;
  /** `undefined` when the subnet is full; an address is never given twice. */
  takeAddress(cidr: string): string | undefined;
}

export function draftShard(
  placing: Placing,
  shape: { id: string; slots: SlotRange[]; memberCount: number; zones: WantedZones },
): Shard {
  const shard: Shard = { id: shape.id, slots: shape.slots, primaryId: '', epoch: 1, members: [] };
  const members = draftMembers(placing, shard, shape.memberCount, shape.zones);
  return { ...shard, members, primaryId: members[0]!.id };
}

/** `count` further members of a shard; `wanted` zones come first, in order. */
export function draftMembers(placing: Placing, shard: Shard, count: number, wanted: WantedZones): Member[] {
  const zones = [...new Set(placing.subnets.map((subnet) => subnet.zone))];
  const unknown = wanted.find((zone) => zone !== undefined && !zones.includes(zone));
  if (unknown !== undefined) {
    throw invalidParameterValue(
      `The availability zone ${unknown} is not one of the cache subnet group's: ${zones.join(', ')}.`,
    );
  }
  const present = shard.members.map((member) => member.zone);
  const chosen = chooseZones(zones, count, { wanted, present, offset: Number(shard.id) - 1 });
  const isTaken = (number: number) =>
    placing.isTaken(memberIdOf(placing.groupId, shard.id, number, placing.clusterEnabled));
  return freeMemberNumbers(shard, count, isTaken).map((number, index) => {
    const zone = chosen[index]!;
    const { subnet, address } = addressIn(placing, zone);
    return {
      id: memberIdOf(placing.groupId, shard.id, number, placing.clusterEnabled),
      zone,
      subnetId: subnet.id,
      subnetCidr: subnet.cidr,
      address,
      createdAt: placing.now,
      phase: 'creating' as const,
      start: { data: 'discard' as const },
      ...(placing.clusterEnabled && { engineNodeId: placing.newEngineNodeId() }),
    };
  });
}

function addressIn(placing: Placing, zone: string): { subnet: Subnet; address: string } {
  for (const subnet of placing.subnets) {
    if (subnet.zone !== zone) continue;
    const address = placing.takeAddress(subnet.cidr);
    if (address) return { subnet, address };
  }
  throw insufficientCacheClusterCapacityFault(`There is no free address left in ${zone}.`);
}
