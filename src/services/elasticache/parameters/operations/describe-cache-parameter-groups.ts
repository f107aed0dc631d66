// DescribeCacheParameterGroups: the default groups and the account's own groups in pages, or the named one.

import { describedParameterGroupNotFound } from '../../faults/parameters.ts';
import { markerOf, pageOfOwn, pagesNamed, readOf } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import { parameterGroupNamed, parameterGroups, viewParameterGroup } from '../parameter-groups.ts';

const pages = pagesNamed('parameter groups');

export const DescribeCacheParameterGroups: Operation<'DescribeCacheParameterGroups'> = (
  elasticache,
  input,
  context,
) => {
  const request = readOf(input);
  const groups =
    input.CacheParameterGroupName === undefined
      ? parameterGroups(elasticache, context, pageOfOwn(pages, request))
      : [
          parameterGroupNamed(
            elasticache,
            context,
            input.CacheParameterGroupName,
            describedParameterGroupNotFound,
          ),
        ];
  const { items, token } = pages.ofSorted(groups, ({ name }) => name, request);
  return {
    CacheParameterGroups: items.map((group) => viewParameterGroup(context, group)),
    ...markerOf(token),
  };
};
