import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ElastiCache } from '../../context.ts';
import { context, inMemory, someGroup } from '../../in-memory.fixture.ts';
import { createEndpoints } from '../../names/endpoints.ts';
import { DescribeReplicationGroups } from './describe-replication-groups.ts';

test('the response to a waiter is held back until the group is settled, other responses are not', async () => {
  const { elasticache } = inMemory();
  const { groups } = elasticache;
  groups.create(context, someGroup('demo', { status: 'creating' }), []);
  const endpoints = createEndpoints({
    domain: 'cache.amazonaws.com',
    ttlSeconds: 5,
    serviceOf: () => 'none',
    random: Math.random,
  });
  const shown: ElastiCache = { ...elasticache, endpoints };

  const statusFor = async (isWaiter: boolean) => {
    const input = { ReplicationGroupId: 'demo' };
    const { ReplicationGroups } = await DescribeReplicationGroups(shown, input, { ...context, isWaiter });
    return ReplicationGroups![0]!.Status;
  };
  const held = statusFor(true);
  assert.equal(await statusFor(false), 'creating');
  groups.update(context, 'demo', (group) => {
    group.status = 'available';
    return [];
  });
  assert.equal(await held, 'available');
});
