// DeleteCacheParameterGroup: deletes one of the account's own groups that no cluster uses.

import { arnOf } from '../../domain/identifiers.ts';
import { cacheParameterGroupInUse, deletedParameterGroupNotFound } from '../../faults/parameters.ts';
import type { Operation } from '../../sdk.ts';
import { deleteTags } from '../../tags/tags.ts';
import { parameterGroupNamed, refuseDefault } from '../parameter-groups.ts';

export const DeleteCacheParameterGroup: Operation<'DeleteCacheParameterGroup'> = (
  elasticache,
  input,
  context,
) => {
  elasticache.store.transaction(() => {
    const group = parameterGroupNamed(
      elasticache,
      context,
      input.CacheParameterGroupName,
      deletedParameterGroupNotFound,
    );
    refuseDefault(group);
    const isInUse = elasticache.records.groups.countBy(context, 'parameterGroup', group.name) > 0;
    if (isInUse) throw cacheParameterGroupInUse(group.name);
    elasticache.records.parameterGroups.remove(context, group.name);
    deleteTags(elasticache, context, arnOf(context, 'parametergroup', group.name));
  });
  return {};
};
