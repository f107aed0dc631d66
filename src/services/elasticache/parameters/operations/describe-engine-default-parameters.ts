// DescribeEngineDefaultParameters: the parameters and defaults of a family.

import { invalidParameterValue } from '../../faults/requests.ts';
import { pagesNamed } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import { familyNamed } from '../domain/parameter-families.ts';
import { viewParameters } from '../parameter-groups.ts';

const pages = pagesNamed('engine default parameters');

export const DescribeEngineDefaultParameters: Operation<'DescribeEngineDefaultParameters'> = (
  _elasticache,
  input,
) => {
  const family = familyNamed(input.CacheParameterGroupFamily.toLowerCase());
  if (!family) {
    throw invalidParameterValue(
      `CacheParameterGroupFamily ${input.CacheParameterGroupFamily} is not a valid parameter group family.`,
    );
  }
  const page = viewParameters(family.parameters, ({ value }) => ({ source: 'system', value }), pages, input);
  return { EngineDefaults: { CacheParameterGroupFamily: family.name, ...page } };
};
