// ResetCacheParameterGroup: resets all parameters, or the named ones, to the family's defaults.

import { invalidParameterCombination } from '../../faults/requests.ts';
import type { Operation } from '../../sdk.ts';
import { resetParameters } from '../domain/parameters.ts';
import { updateValues } from '../parameter-groups.ts';

export const ResetCacheParameterGroup: Operation<'ResetCacheParameterGroup'> = (
  elasticache,
  input,
  context,
) => {
  const named = input.ParameterNameValues ?? [];
  const name = updateValues(elasticache, context, input.CacheParameterGroupName, (group) => {
    if (Boolean(input.ResetAllParameters) === named.length > 0) {
      throw invalidParameterCombination('Specify either ResetAllParameters or ParameterNameValues.');
    }
    return input.ResetAllParameters ? {} : resetParameters(group.family, group.values, named);
  });
  return { CacheParameterGroupName: name };
};
