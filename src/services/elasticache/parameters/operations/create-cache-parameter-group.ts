// CreateCacheParameterGroup: creates a group with a family's defaults.

import { descriptionOf } from '../../domain/description.ts';
import { arnOf, parameterGroupNameOf } from '../../domain/identifiers.ts';
import { invalidParameterValue } from '../../faults/requests.ts';
import type { Operation } from '../../sdk.ts';
import { putTags } from '../../tags/tags.ts';
import { familyNamed } from '../domain/parameter-families.ts';
import { viewParameterGroup } from '../parameter-groups.ts';

export const CreateCacheParameterGroup: Operation<'CreateCacheParameterGroup'> = (
  elasticache,
  input,
  context,
) => {
  const name = parameterGroupNameOf(input.CacheParameterGroupName);
  const family = familyNamed(input.CacheParameterGroupFamily?.toLowerCase() ?? '')?.name;
  if (!family) {
    throw invalidParameterValue(
      `CacheParameterGroupFamily ${input.CacheParameterGroupFamily} is not a valid parameter group family.`,
    );
  }
  const description = descriptionOf('Description', input.Description);
  const group = { name, family, description, values: {} };
  elasticache.store.transaction(() => {
    elasticache.records.parameterGroups.add(context, group);
    putTags(elasticache, context, arnOf(context, 'parametergroup', name), input.Tags);
  });
  return { CacheParameterGroup: viewParameterGroup(context, group) };
};
