// DescribeCacheParameterGroups: the default groups and one's own, paged, or the one that is named.

import type { ElastiCache, Operation } from '../elasticache.ts';
import { pageOfRecords } from '../paging.ts';
import { parameterGroupNamed, parameterGroups, viewParameterGroup } from '../parameter-groups.ts';

export const describeCacheParameterGroups =
  (elasticache: ElastiCache): Operation<'DescribeCacheParameterGroups'> =>
  (input, context) => {
    const groups =
      input.CacheParameterGroupName === undefined
        ? parameterGroups(elasticache, context)
        : [parameterGroupNamed(elasticache, context, input.CacheParameterGroupName)];
    const { items, marker } = pageOfRecords(groups, (group) => group.name, input);
    return {
      CacheParameterGroups: items.map((group) => viewParameterGroup(context, group)),
      ...(marker && { Marker: marker }),
    };
  };
