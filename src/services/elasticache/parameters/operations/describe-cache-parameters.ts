// DescribeCacheParameters: the parameters and values of a parameter group.
//
// AWS: the source of a value that a customer set is `user`, of every other value `system`. A filter of
// `engine-default` also means the latter.

import { invalidParameterValue } from '../../faults/requests.ts';
import { pagesNamed } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import { familyNamed } from '../domain/parameter-families.ts';
import { parameterGroupNamed, valuesOf, viewParameters } from '../parameter-groups.ts';

const pages = pagesNamed('parameters');

const SOURCES = new Map([
  ['user', 'user'],
  ['system', 'system'],
  ['engine-default', 'system'],
]);

export const DescribeCacheParameters: Operation<'DescribeCacheParameters'> = (
  elasticache,
  input,
  context,
) => {
  const group = parameterGroupNamed(elasticache, context, input.CacheParameterGroupName);
  const wanted = input.Source === undefined ? undefined : SOURCES.get(input.Source);
  if (input.Source !== undefined && !wanted) {
    throw invalidParameterValue(
      `Invalid Source: ${input.Source}. Valid values: ${[...SOURCES.keys()].join(' | ')}`,
    );
  }
  const values = valuesOf(group);
  const sourceOf = (name: string) => (Object.hasOwn(group.values, name) ? 'user' : 'system');
  const shown = familyNamed(group.family)!.parameters.filter(
    ({ name }) => wanted === undefined || sourceOf(name) === wanted,
  );
  return viewParameters(
    shown,
    ({ name }) => ({ source: sourceOf(name), value: values[name] ?? '' }),
    pages,
    input,
  );
};
