// What drafting new members needs from outside: subnets, addresses, node ids, the time.

import { randomHex } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { Placing } from './domain/draft.ts';
import type { ElastiCache } from './elasticache.ts';
import type { SubnetGroup } from './store.ts';
import { subnetGroupNamed } from './subnet-groups.ts';

export function placingIn(
  elasticache: ElastiCache,
  target: { groupId: string; clusterEnabled: boolean },
  subnetGroup: SubnetGroup,
): Placing {
  const used = elasticache.endpoints.addresses();
  return {
    ...target,
    subnets: subnetGroup.subnets,
    now: elasticache.clock.now(),
    newEngineNodeId: () => randomHex(40),
    takeAddress(cidr) {
      const address = elasticache.takeAddress(cidr, used);
      if (address) used.add(address);
      return address;
    },
  };
}

/** For further members of a group that exists. */
export async function placingOf(
  elasticache: ElastiCache,
  scope: Scope,
  group: { id: string; clusterEnabled: boolean; subnetGroupName: string },
): Promise<Placing> {
  const subnetGroup = await subnetGroupNamed(elasticache, scope, group.subnetGroupName);
  return placingIn(elasticache, { groupId: group.id, clusterEnabled: group.clusterEnabled }, subnetGroup);
}
