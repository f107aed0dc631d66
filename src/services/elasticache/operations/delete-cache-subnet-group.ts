// DeleteCacheSubnetGroup: once nothing uses it.

import { arnOf, nameToFind } from '../domain/identifiers.ts';
import type { ElastiCache, Operation } from '../elasticache.ts';
import { cacheSubnetGroupInUse, cacheSubnetGroupNotFoundFault, invalidParameterValue } from '../faults.ts';
import { DEFAULT_SUBNET_GROUP } from '../subnet-groups.ts';
import { deleteTags } from '../tags.ts';

export const deleteCacheSubnetGroup =
  (elasticache: ElastiCache): Operation<'DeleteCacheSubnetGroup'> =>
  (input, context) => {
    const { records, store } = elasticache;
    const name = nameToFind('CacheSubnetGroupName', input.CacheSubnetGroupName);
    if (name === DEFAULT_SUBNET_GROUP)
      throw invalidParameterValue('The default subnet group cannot be deleted.');
    store.transaction(() => {
      if (!records.subnetGroups.get(context, name)) throw cacheSubnetGroupNotFoundFault(name);
      if (records.groups.list(context).some((group) => group.subnetGroupName === name)) {
        throw cacheSubnetGroupInUse(name);
      }
      records.subnetGroups.delete(context, name);
      deleteTags(elasticache, context, arnOf(context, 'subnetgroup', name));
    });
    return {};
  };
