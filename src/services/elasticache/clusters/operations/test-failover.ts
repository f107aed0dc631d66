// TestFailover: kills the primary of one node group. The group stays `available` in the response and during the
// failover; events show the progress.

import { testFailoverCalled } from '../../events/domain/event-texts.ts';
import {
  apiCallRateForCustomerExceededFault,
  nodeGroupNotFoundFault,
  testFailoverNotAvailableFault,
} from '../../faults/clusters.ts';
import type { Operation } from '../../sdk.ts';
import { type Group, membersOf } from '../domain/model.ts';
import { changeReplicationGroup, checkAvailable, replicationGroupNamed } from '../lookup.ts';
import { viewReplicationGroup } from '../view.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export const TestFailover: Operation<'TestFailover'> = async (elasticache, input, context) => {
  const { id } = replicationGroupNamed(elasticache, context, input.ReplicationGroupId);
  const now = elasticache.clock.now();
  const { testFailoverQuota: quota } = elasticache.options;
  const isExhausted = quota !== undefined && (await callsSince(now - DAY_MS)) >= quota;
  const group = changeReplicationGroup(elasticache, context, id, (latest) => {
    const shard = latest.shards.find((candidate) => candidate.id === input.NodeGroupId);
    if (!shard) throw nodeGroupNotFoundFault(input.NodeGroupId);
    checkAvailable(latest);
    checkPossible(latest, shard.members.length - 1);
    if (isExhausted) throw apiCallRateForCustomerExceededFault();
    shard.handover = { kind: 'test', since: now, from: shard.primaryId };
    return [testFailoverCalled(id, shard.id)];
  });
  return { ReplicationGroup: viewReplicationGroup(elasticache, context, group) };

  async function callsSince(from: number): Promise<number> {
    let calls = 0;
    for await (const batch of elasticache.events.batches(context, from, now))
      calls += batch.filter(({ value }) => value.notification === 'TestFailoverApiCalled').length;
    return calls;
  }
};

/** AWS: one node group of a replication group at a time; the next only when the last node has recovered. */
function checkPossible(group: Group, replicas: number): void {
  if (!group.automaticFailover) {
    throw testFailoverNotAvailableFault('Automatic failover must be enabled to test a failover.');
  }
  if (replicas < 1) throw testFailoverNotAvailableFault('The node group has no replica to fail over to.');
  const busy =
    group.shards.some((shard) => shard.handover || shard.promoted) ||
    membersOf(group).some((member) => member.phase !== 'available');
  if (busy)
    throw testFailoverNotAvailableFault(
      'The last node replacement of this replication group is not complete.',
    );
}
