// DescribeReplicationGroups: all of them, paged, or the one that is named.

import { WAITER_HOLD_MS } from '../../../wire/service.ts';
import { nameToFind } from '../domain/identifiers.ts';
import type { ElastiCache, Operation } from '../elasticache.ts';
import { replicationGroupNotFoundFault } from '../faults.ts';
import { pageOfRecords } from '../paging.ts';
import { viewReplicationGroup } from '../view.ts';

export const describeReplicationGroups =
  (elasticache: ElastiCache): Operation<'DescribeReplicationGroups'> =>
  async (input, context) => {
    if (input.ReplicationGroupId !== undefined) {
      const id = nameToFind('ReplicationGroupId', input.ReplicationGroupId);
      if (context.isWaiter) await elasticache.groups.untilSettled(context, id, WAITER_HOLD_MS);
      const group = elasticache.groups.get(context, id);
      if (group?.kind !== 'replication-group') throw replicationGroupNotFoundFault(id);
      return { ReplicationGroups: [viewReplicationGroup(elasticache, context, group)] };
    }
    const groups = elasticache.records.groups
      .list(context)
      .filter((group) => group.kind === 'replication-group');
    const { items, marker } = pageOfRecords(groups, (group) => group.id, input);
    return {
      ReplicationGroups: items.map((group) => viewReplicationGroup(elasticache, context, group)),
      ...(marker && { Marker: marker }),
    };
  };
