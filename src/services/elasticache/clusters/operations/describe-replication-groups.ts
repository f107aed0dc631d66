// DescribeReplicationGroups: all groups in pages, or the named one.

import { WAITER_HOLD_MS } from '../../../../wire/service.ts';
import { nameToFind } from '../../domain/identifiers.ts';
import { markerOf, pagesNamed, readOf } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import { replicationGroupNamed } from '../lookup.ts';
import { viewReplicationGroup } from '../view.ts';

const pages = pagesNamed('replication groups');

export const DescribeReplicationGroups: Operation<'DescribeReplicationGroups'> = async (
  elasticache,
  input,
  context,
) => {
  if (input.ReplicationGroupId !== undefined) {
    const id = nameToFind('ReplicationGroupId', input.ReplicationGroupId);
    if (context.isWaiter) await elasticache.groups.untilSettled(context, id, WAITER_HOLD_MS);
    const group = replicationGroupNamed(elasticache, context, id);
    return { ReplicationGroups: [viewReplicationGroup(elasticache, context, group)] };
  }
  const { items, token } = await pages.ofCollection(elasticache.records.groups, context, {
    ...readOf(input),
    wanted: ({ kind }) => kind === 'replication-group',
  });
  return {
    ReplicationGroups: items.map((group) => viewReplicationGroup(elasticache, context, group)),
    ...markerOf(token),
  };
};
