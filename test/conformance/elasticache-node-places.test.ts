// What the network is told of cache nodes: their addresses, subnets and security groups, after each change.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import {
  ElastiCache,
  waitUntilReplicationGroupAvailable,
  waitUntilReplicationGroupDeleted,
} from '@aws-sdk/client-elasticache';
import type { NodePlace } from '../../src/network/network.ts';
import { startEngineless } from '../support/engineless.ts';

it('a group is placed when it is created, changed and deleted', async (test) => {
  const places = new Map<string, readonly NodePlace[]>();
  const { server } = await startEngineless(test, undefined, {
    setNodes: (group, nodes) => places.set(group, nodes),
    rulesChanged() {},
  });
  const options = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const [ec2, cache] = [new EC2(options), new ElastiCache(options)];
  test.after(() => {
    ec2.destroy();
    cache.destroy();
  });
  const newGroup = async (GroupName: string) =>
    (await ec2.createSecurityGroup({ GroupName, Description: GroupName })).GroupId!;
  const [first, second] = [await newGroup('first'), await newGroup('second')];
  const id = { ReplicationGroupId: 'shop' };
  await cache.createReplicationGroup({
    ...id,
    ReplicationGroupDescription: 'shop',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheClusters: 2,
    SecurityGroupIds: [first],
  });
  await waitUntilReplicationGroupAvailable({ client: cache, maxWaitTime: 30 }, id);
  const [key, ...others] = places.keys();
  assert.deepEqual(others, []);
  const nodes = () => places.get(key!)!;
  const { Subnets } = await ec2.describeSubnets({});
  assert.equal(new Set(nodes().map(({ address }) => address)).size, 2);
  for (const { subnetId, securityGroupIds } of nodes()) {
    assert.ok(Subnets!.some((subnet) => subnet.SubnetId === subnetId));
    assert.deepEqual(securityGroupIds, [first]);
  }

  await cache.modifyReplicationGroup({ ...id, SecurityGroupIds: [second], ApplyImmediately: true });
  for (const { securityGroupIds } of nodes()) assert.deepEqual(securityGroupIds, [second]);

  await waitUntilReplicationGroupAvailable({ client: cache, maxWaitTime: 30 }, id);
  await cache.increaseReplicaCount({ ...id, NewReplicaCount: 2, ApplyImmediately: true });
  assert.equal(nodes().length, 3);
  await waitUntilReplicationGroupAvailable({ client: cache, maxWaitTime: 30 }, id);
  await cache.deleteReplicationGroup(id);
  await waitUntilReplicationGroupDeleted({ client: cache, maxWaitTime: 30 }, id);
  assert.deepEqual(nodes(), []);
});
