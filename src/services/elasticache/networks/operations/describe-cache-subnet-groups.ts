// DescribeCacheSubnetGroups: the default group and the account's own groups in pages, or the named one.

import { markerOf, pageOfOwn, pagesNamed, readOf } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import { defaultSubnetGroup, subnetGroupNamed, viewSubnetGroup } from '../subnet-groups.ts';

const pages = pagesNamed('subnet groups');

export const DescribeCacheSubnetGroups: Operation<'DescribeCacheSubnetGroups'> = async (
  elasticache,
  input,
  context,
) => {
  const request = readOf(input);
  const own = pageOfOwn(pages, request);
  const groups =
    input.CacheSubnetGroupName === undefined
      ? [
          await defaultSubnetGroup(elasticache, context),
          ...elasticache.records.subnetGroups.list(context, own),
        ]
      : [await subnetGroupNamed(elasticache, context, input.CacheSubnetGroupName)];
  const sorted = groups.filter((group) => group !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, token } = pages.ofSorted(sorted, ({ name }) => name, request);
  return {
    ...markerOf(token),
    CacheSubnetGroups: items.map((group) => viewSubnetGroup(context, group)),
  };
};
