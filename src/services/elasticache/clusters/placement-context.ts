// What drafting new members needs from outside: subnets, addresses, node ids, the time.
//
// Addresses in use are looked up when the first is taken, not when the request came: draft inside the transaction
// that writes the record, or two requests at once are given the same ones.

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

/** One that nobody has, and if possible nobody had in the last hour; `undefined` when the subnet is full. */
export function freshAddress(
  elasticache: Pick<ElastiCache, 'takeAddress' | 'quarantinedAddresses' | 'log'>,
  cidr: string,
  used: ReadonlySet<string>,
): string | undefined {
  const resting = elasticache.quarantinedAddresses.list();
  const address = elasticache.takeAddress(cidr, used, resting);
  if (address && resting.has(address)) {
    elasticache.log.warn(
      { address, cidr },
      'no address of the subnet has rested long enough: one is reused early',
    );
  }
  return address;
}

/** For further members of a group that exists. */
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

/** The group other than `exceptId` whose id this is, or one of whose members bears it. */
export const groupUsingId = (
  { records }: Pick<ElastiCache, 'records'>,
  scope: Scope,
  id: string,
  exceptId?: string,
): Group | undefined =>
  [records.groups.get(scope, id), ...records.groups.by(scope, 'member', id)].find(
    (group) => group && group.id !== exceptId,
  );
