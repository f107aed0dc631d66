// DescribeEngineDefaultParameters: what a family holds before anybody changes it.

import type { ElastiCache, Operation } from '../../elasticache.ts';
import { invalidParameterValue } from '../../faults.ts';
import { pagesNamed } from '../../paging.ts';
import { familyNamed } from '../domain/parameter-families.ts';
import { viewParameters } from '../parameter-groups.ts';

const pages = pagesNamed('engine default parameters');

export const describeEngineDefaultParameters =
  (_elasticache: ElastiCache): Operation<'DescribeEngineDefaultParameters'> =>
  (input) => {
    const family = familyNamed(input.CacheParameterGroupFamily.toLowerCase());
    if (!family) {
      throw invalidParameterValue(
        `CacheParameterGroupFamily ${input.CacheParameterGroupFamily} is not a valid parameter group family.`,
      );
    }
    const page = viewParameters(
      family.parameters,
      ({ value }) => ({ source: 'system', value }),
      pages,
      input,
    );
    return { EngineDefaults: { CacheParameterGroupFamily: family.name, ...page } };
  };
