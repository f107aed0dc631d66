// DeleteCacheSubnetGroup: deletes a group that no cluster uses.

import { arnOf, nameToFind } from '../../domain/identifiers.ts';
import { cacheSubnetGroupInUse } from '../../faults/networks.ts';
import { invalidParameterValue } from '../../faults/requests.ts';
import type { Operation } from '../../sdk.ts';
import { deleteTags } from '../../tags/tags.ts';
import { DEFAULT_SUBNET_GROUP } from '../subnet-groups.ts';

export const DeleteCacheSubnetGroup: Operation<'DeleteCacheSubnetGroup'> = (elasticache, input, context) => {
  const { records, store } = elasticache;
  const name = nameToFind('CacheSubnetGroupName', input.CacheSubnetGroupName);
  if (name === DEFAULT_SUBNET_GROUP)
    throw invalidParameterValue('The default subnet group cannot be deleted.');
  store.transaction(() => {
    records.subnetGroups.existing(context, name);
    if (records.groups.countBy(context, 'subnetGroup', name) > 0) throw cacheSubnetGroupInUse(name);
    records.subnetGroups.remove(context, name);
    deleteTags(elasticache, context, arnOf(context, 'subnetgroup', name));
  });
  return {};
};
