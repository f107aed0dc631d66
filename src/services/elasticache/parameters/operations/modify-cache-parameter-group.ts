// ModifyCacheParameterGroup: changes up to 20 parameters. The nodes that use the group apply them at once, or after a
// reboot.

import { missingParameter } from '../../faults/requests.ts';
import type { Operation } from '../../sdk.ts';
import { changeParameters } from '../domain/parameters.ts';
import { updateValues } from '../parameter-groups.ts';

export const ModifyCacheParameterGroup: Operation<'ModifyCacheParameterGroup'> = (
  elasticache,
  input,
  context,
) => {
  const name = updateValues(elasticache, context, input.CacheParameterGroupName, (group) => {
    if (!input.ParameterNameValues?.length) throw missingParameter('ParameterNameValues');
    return changeParameters(group.family, group.values, input.ParameterNameValues);
  });
  return { CacheParameterGroupName: name };
};
