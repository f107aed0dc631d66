// What drafting new members needs from outside the group: subnets, addresses, node ids, the time.
//
// Addresses in use are read when the first address is taken, not when the request arrives. So draft inside the
// transaction that writes the record: otherwise two concurrent requests could get the same address.

import type { Scope } from '../../../aws/scope.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { ElastiCache } from '../context.ts';
import { subnetGroupNamed } from '../networks/subnet-groups.ts';
import type { SubnetGroup } from '../records.ts';
import type { PlacementContext } from './domain/draft.ts';
import type { Group } from './domain/model.ts';

/** For the members of a group that does not exist yet. */
export function placementForNewGroup(
  elasticache: ElastiCache,
  target: { groupId: string; clusterEnabled: boolean },
  subnetGroup: SubnetGroup,
): PlacementContext {
  let used: Set<string> | undefined;
  return {
    ...target,
    subnets: subnetGroup.subnets,
    now: elasticache.clock.now(),
    isTaken: () => false,
    newEngineNodeId: () => randomHex(40),
    takeAddress(cidr) {
      used ??= elasticache.endpoints.addresses();
      const address = freshAddress(elasticache, cidr, used);
      if (address) used.add(address);
      return address;
    },
  };
}

/**
 * A free address of the subnet, if possible one that is not quarantined; `undefined` when the subnet is full. Logs a
 * warning when it reuses a quarantined one.
 */
export function freshAddress(
  elasticache: Pick<ElastiCache, 'takeAddress' | 'quarantinedAddresses' | 'log'>,
  cidr: string,
  used: ReadonlySet<string>,
): string | undefined {
  const quarantined = elasticache.quarantinedAddresses.list();
  const address = elasticache.takeAddress(cidr, used, quarantined);
  if (address && quarantined.has(address)) {
    elasticache.log.warn(
      { address, cidr },
      'every free address of the subnet was released less than an hour ago: one is reused early',
    );
  }
  return address;
}

/** For further members of an existing group. Rejects as `subnetGroupNamed` does. */
export async function placementForGroup(
  elasticache: ElastiCache,
  scope: Scope,
  group: Pick<Group, 'id' | 'clusterEnabled' | 'subnetGroupName'>,
): Promise<PlacementContext> {
  const { id, clusterEnabled } = group;
  const subnetGroup = await subnetGroupNamed(elasticache, scope, group.subnetGroupName);
  return {
    ...placementForNewGroup(elasticache, { groupId: id, clusterEnabled }, subnetGroup),
    isTaken: (memberId) => groupUsingId(elasticache, scope, memberId, id) !== undefined,
  };
}

/** The group, other than `exceptId`, that has this id or has a member with this id. */
export const groupUsingId = (
  { records }: Pick<ElastiCache, 'records'>,
  scope: Scope,
  id: string,
  exceptId?: string,
): Group | undefined =>
  [records.groups.get(scope, id), ...records.groups.by(scope, 'member', id)].find(
    (group) => group && group.id !== exceptId,
  );
