// DescribeCacheClusters: lists every node as a cache cluster, both standalone clusters and members of groups, in the
// order of their groups' ids.

import { WAITER_HOLD_MS } from '../../../../wire/service.ts';
import { pagesNamed, readOf } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import { type Group, type Member, membersOf } from '../domain/model.ts';
import { cacheClusterNamed } from '../lookup.ts';
import { viewCacheCluster } from '../view.ts';

const pages = pagesNamed('cache clusters');

export const DescribeCacheClusters: Operation<'DescribeCacheClusters'> = async (
  elasticache,
  input,
  context,
) => {
  const options = { showNodes: input.ShowCacheNodeInfo ?? false };
  if (input.CacheClusterId !== undefined) {
    if (context.isWaiter) {
      const found = cacheClusterNamed(elasticache, context, input.CacheClusterId);
      await elasticache.groups.untilSettled(context, found.group.id, WAITER_HOLD_MS);
    }
    const { group, member } = cacheClusterNamed(elasticache, context, input.CacheClusterId);
    return { CacheClusters: [viewCacheCluster(elasticache, context, group, member, options)] };
  }
  const { limit, token } = readOf(input);
  const found: { group: Group; member: Member }[] = [];
  const [fromGroup, fromMember = ''] = pages.keyOf(token)?.split(' ') ?? [];
  const onlyAlone = input.ShowCacheClustersNotInReplicationGroups ?? false;
  for await (const batch of elasticache.records.groups.batches(context, { from: fromGroup })) {
    for (const { value: group } of batch) {
      if (onlyAlone && group.kind !== 'cache-cluster') continue;
      const isShown = ({ id }: Member) => group.id !== fromGroup || id > fromMember;
      const members = membersOf(group).filter(isShown);
      found.push(...members.sort(byId).map((member) => ({ group, member })));
    }
    if (found.length > limit) break;
  }
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    CacheClusters: items.map(({ group, member }) =>
      viewCacheCluster(elasticache, context, group, member, options),
    ),
    ...(found.length > limit && last && { Marker: pages.tokenFor(`${last.group.id} ${last.member.id}`) }),
  };
};

const byId = (a: Member, b: Member): number => (a.id < b.id ? -1 : 1);
