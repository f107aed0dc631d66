// DescribeCacheClusters: every node as a cluster of its own, the members of groups as well as those that stand alone.

import { WAITER_HOLD_MS } from '../../../wire/service.ts';
import { membersOf } from '../domain/model.ts';
import type { ElastiCache, Operation } from '../elasticache.ts';
import { cacheClusterNamed } from '../lookup.ts';
import { pageOfRecords } from '../paging.ts';
import { viewCacheCluster } from '../view.ts';

export const describeCacheClusters =
  (elasticache: ElastiCache): Operation<'DescribeCacheClusters'> =>
  async (input, context) => {
    const options = { showNodes: input.ShowCacheNodeInfo ?? false };
    if (input.CacheClusterId !== undefined) {
      if (context.isWaiter) {
        const found = cacheClusterNamed(elasticache, context, input.CacheClusterId);
        await elasticache.groups.untilSettled(context, found.group.id, WAITER_HOLD_MS);
      }
      const { group, member } = cacheClusterNamed(elasticache, context, input.CacheClusterId);
      return { CacheClusters: [viewCacheCluster(elasticache, context, group, member, options)] };
    }
    const clusters = elasticache.records.groups
      .list(context)
      .filter((group) => !input.ShowCacheClustersNotInReplicationGroups || group.kind === 'cache-cluster')
      .flatMap((group) => membersOf(group).map((member) => ({ group, member })))
      .sort((a, b) => (a.member.id < b.member.id ? -1 : 1));
    const { items, marker } = pageOfRecords(clusters, ({ member }) => member.id, input);
    return {
      CacheClusters: items.map(({ group, member }) =>
        viewCacheCluster(elasticache, context, group, member, options),
      ),
      ...(marker && { Marker: marker }),
    };
  };
