// The fifth walkthrough, command by command: Redis with cluster mode on, one shard of two nodes in ap-northeast-1,
// parameters as in its template. What it does by CloudFormation is done by the AWS CLI.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { NOBODY, WITHOUT_NOBODY } from '../support/networks.ts';
import {
  assertInSubnet,
  createSurroundings,
  NETWORKS,
  startWalkthrough,
  type WalkthroughOptions,
  whatIsMissing,
} from '../support/walkthrough.ts';

const REGION = 'ap-northeast-1';
const GROUP = 'dva-03-004-replicationgroup';
const SUBNET_GROUP = 'dva-03-004-subnetgroup';

for (const network of NETWORKS) {
  test(
    `cluster mode on, as the fifth walkthrough shows it (${network})`,
    {
      skip: whatIsMissing(network),
    },
    (t) => follow(t, { network }),
  );
}

test(
  'cluster mode on, as the fifth walkthrough shows it (subnets, an ordinary user)',
  {
    skip: WITHOUT_NOBODY || whatIsMissing('subnets'),
  },
  (t) => follow(t, { network: 'subnets', uid: NOBODY }),
);

async function follow(t: TestContext, options: WalkthroughOptions): Promise<void> {
  const walkthrough = await startWalkthrough(t, REGION, options);
  const { elasticache } = walkthrough;
  const { instanceId, cacheSubnetIds, cacheGroupId } = await createSurroundings(walkthrough, REGION, [
    'ap-northeast-1a',
    'ap-northeast-1c',
  ]);
  const { redis, nslookup, type } = walkthrough.onInstance(instanceId);

  await elasticache(
    ...['create-cache-subnet-group', '--cache-subnet-group-name', SUBNET_GROUP],
    ...['--cache-subnet-group-description', 'dva-03-004-SubnetGroup', '--subnet-ids', ...cacheSubnetIds],
  );
  const created = await elasticache(
    ...['create-replication-group', '--replication-group-id', GROUP],
    ...['--replication-group-description', 'dva-03-004-ReplicationGroup', '--auto-minor-version-upgrade'],
    ...['--automatic-failover-enabled', '--multi-az-enabled', '--cache-node-type', 'cache.t4g.micro'],
    ...['--cache-parameter-group-name', 'default.redis6.x.cluster.on', '--num-node-groups', '1'],
    ...['--engine', 'redis', '--engine-version', '6.2', '--port', '6379'],
    ...['--cache-subnet-group-name', SUBNET_GROUP, '--security-group-ids', cacheGroupId],
    '--node-group-configuration',
    'PrimaryAvailabilityZone=ap-northeast-1a,ReplicaAvailabilityZones=ap-northeast-1c,ReplicaCount=1',
  );
  assert.equal(created.ReplicationGroup.ClusterEnabled, true);
  assert.equal(created.ReplicationGroup.AutomaticFailover, 'enabled');
  await elasticache('wait', 'replication-group-available', '--replication-group-id', GROUP);

  const { ReplicationGroups } = await elasticache(
    ...['describe-replication-groups', '--replication-group-id', GROUP],
  );
  const [group] = ReplicationGroups;
  const configuration: string = group.ConfigurationEndpoint.Address;
  const hash = configuration.split('.')[1]!;
  assert.equal(configuration, `${GROUP}.${hash}.clustercfg.apne1.cache.amazonaws.com`);
  assert.equal(group.NodeGroups.length, 1);
  assert.equal(group.NodeGroups[0].Slots, '0-16383');
  const [first, second] = await nodeEndpoints();
  assert.equal(first, `${GROUP}-0001-001.${hash}.0001.apne1.cache.amazonaws.com`);
  assert.equal(second, `${GROUP}-0001-002.${hash}.0001.apne1.cache.amazonaws.com`);

  assert.equal(await redis(configuration, 'set', 'hoge', 'foo'), 'OK');
  assert.equal(await redis(configuration, 'get', 'hoge'), '"foo"');
  // A client that knows no cluster must not depend on luck: each of these resolves the name again.
  const writes = `for i in $(seq 20); do redis-cli -h ${configuration} set again $i; done | sort | uniq -c`;
  assert.equal(await type('sh', '-c', writes), '20 OK');

  const toBoth = await nslookup(configuration);
  assert.equal(toBoth.canonicalName, undefined);
  assert.equal(toBoth.addresses.length, 2);
  const toFirst = await nslookup(first!);
  const toSecond = await nslookup(second!);
  assertInSubnet(options.network, toFirst, 3);
  assertInSubnet(options.network, toSecond, 4);
  assert.deepEqual([...toFirst.addresses, ...toSecond.addresses].sort(), [...toBoth.addresses].sort());
  assert.equal(toBoth.addresses[0], toFirst.addresses[0], 'the primary comes first');

  assert.equal(await redis(first!, 'get', 'hoge'), '"foo"');
  assert.equal(await redis(second!, 'get', 'hoge'), `(error) MOVED 1525 ${toFirst.addresses[0]}:6379`);

  async function nodeEndpoints(): Promise<string[]> {
    const { CacheClusters } = await elasticache('describe-cache-clusters', '--show-cache-node-info');
    return CacheClusters.map(
      ({ CacheNodes }: { CacheNodes: { Endpoint: { Address: string } }[] }) =>
        CacheNodes[0]!.Endpoint.Address,
    );
  }
}
