// ModifyCacheParameterGroup: up to 20 parameters at a time. What uses the group takes them over by itself, or waits
// for a reboot.

import type { ElastiCache, Operation } from '../../elasticache.ts';
import { missingParameter } from '../../faults.ts';
import { changeParameters } from '../domain/parameters.ts';
import { updateValues } from '../parameter-groups.ts';

export const modifyCacheParameterGroup =
  (elasticache: ElastiCache): Operation<'ModifyCacheParameterGroup'> =>
  (input, context) => {
    const name = updateValues(elasticache, context, input.CacheParameterGroupName, (group) => {
      if (!input.ParameterNameValues?.length) throw missingParameter('ParameterNameValues');
      return changeParameters(group.family, group.values, input.ParameterNameValues);
    });
    return { CacheParameterGroupName: name };
  };
