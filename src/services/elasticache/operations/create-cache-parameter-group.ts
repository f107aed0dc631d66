// CreateCacheParameterGroup: a copy of a family's defaults, under a name of one's own.

import { arnOf, parameterGroupNameOf } from '../domain/identifiers.ts';
import { familyNamed } from '../domain/parameter-families.ts';
import type { ElastiCache, Operation } from '../elasticache.ts';
import {
  blankParameter,
  cacheParameterGroupAlreadyExistsFault,
  cacheParameterGroupQuotaExceededFault,
  invalidParameterValue,
} from '../faults.ts';
import { viewParameterGroup } from '../parameter-groups.ts';
import { putTags } from '../tags.ts';

const MAX_PARAMETER_GROUPS = 300;

export const createCacheParameterGroup =
  (elasticache: ElastiCache): Operation<'CreateCacheParameterGroup'> =>
  (input, context) => {
    const { parameterGroups } = elasticache.records;
    const name = parameterGroupNameOf(input.CacheParameterGroupName);
    const family = familyNamed(input.CacheParameterGroupFamily?.toLowerCase() ?? '')?.name;
    if (!family) {
      throw invalidParameterValue(
        `CacheParameterGroupFamily ${input.CacheParameterGroupFamily} is not a valid parameter group family.`,
      );
    }
    if (!input.Description?.trim()) throw blankParameter('Description');
    const group = { name, family, description: input.Description, values: {} };
    elasticache.store.transaction(() => {
      if (parameterGroups.get(context, name)) throw cacheParameterGroupAlreadyExistsFault(name);
      if (parameterGroups.list(context).length >= MAX_PARAMETER_GROUPS) {
        throw cacheParameterGroupQuotaExceededFault(MAX_PARAMETER_GROUPS);
      }
      parameterGroups.put(context, name, group);
      putTags(elasticache, context, arnOf(context, 'parametergroup', name), input.Tags);
    });
    return { CacheParameterGroup: viewParameterGroup(context, group) };
  };
