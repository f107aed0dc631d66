// The first walkthrough, command by command: Redis with cluster mode off, a primary and a replica in two zones of
// ap-northeast-1, parameters as in its template. What it does by CloudFormation is done by the AWS CLI.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  assertInSubnet,
  createSurroundings,
  NETWORKS,
  startWalkthrough,
  type WalkthroughOptions,
  whatIsMissing,
} from '../support/walkthrough.ts';

const REGION = 'ap-northeast-1';
const GROUP = 'fa-063-replicationgroup';
const SUBNET_GROUP = 'fa-063-subnetgroup';

for (const network of NETWORKS) {
  test(
    `cluster mode off, as the first walkthrough shows it (${network})`,
    {
      skip: whatIsMissing(network),
    },
    (t) => follow(t, { network }),
  );
}

async function follow(t: TestContext, options: WalkthroughOptions): Promise<void> {
  const walkthrough = await startWalkthrough(t, REGION, options);
  const { elasticache } = walkthrough;
  const { instanceId, cacheSubnetIds, cacheGroupId } = await createSurroundings(walkthrough, REGION, [
    'ap-northeast-1a',
    'ap-northeast-1c',
  ]);
  await elasticache(
    ...['create-cache-subnet-group', '--cache-subnet-group-name', SUBNET_GROUP],
    ...['--cache-subnet-group-description', 'fa-063-SubnetGroup', '--subnet-ids', ...cacheSubnetIds],
  );
  const created = await elasticache(
    ...['create-replication-group', '--replication-group-id', GROUP],
    ...['--replication-group-description', 'fa-063-ReplicationGroup', '--auto-minor-version-upgrade'],
    ...['--cache-node-type', 'cache.t4g.micro', '--cache-parameter-group-name', 'default.redis6.x'],
    ...['--cache-subnet-group-name', SUBNET_GROUP, '--engine', 'redis', '--engine-version', '6.2'],
    ...['--multi-az-enabled', '--port', '6379', '--security-group-ids', cacheGroupId],
    '--node-group-configuration',
    'PrimaryAvailabilityZone=ap-northeast-1a,ReplicaAvailabilityZones=ap-northeast-1c,ReplicaCount=1',
  );
  assert.equal(created.ReplicationGroup.Status, 'creating');
  assert.equal(created.ReplicationGroup.MultiAZ, 'enabled');
  assert.equal(created.ReplicationGroup.AutomaticFailover, 'enabling');
  await elasticache('wait', 'replication-group-available', '--replication-group-id', GROUP);

  const { ReplicationGroups } = await elasticache(
    ...['describe-replication-groups', '--replication-group-id', GROUP],
  );
  const [group] = ReplicationGroups;
  const [nodeGroup] = group.NodeGroups;
  const primary: string = nodeGroup.PrimaryEndpoint.Address;
  const reader: string = nodeGroup.ReaderEndpoint.Address;
  const hash = primary.split('.')[1]!;
  assert.match(hash, /^[a-z0-9]{6}$/);
  assert.equal(primary, `${GROUP}.${hash}.ng.0001.apne1.cache.amazonaws.com`);
  assert.equal(reader, `${GROUP}-ro.${hash}.ng.0001.apne1.cache.amazonaws.com`);
  assert.equal(group.AutomaticFailover, 'enabled');
  assert.deepEqual(
    nodeGroup.NodeGroupMembers.map((member: Record<string, string>) => [
      member.CacheClusterId,
      member.CurrentRole,
      member.PreferredAvailabilityZone,
    ]),
    [
      [`${GROUP}-001`, 'primary', 'ap-northeast-1a'],
      [`${GROUP}-002`, 'replica', 'ap-northeast-1c'],
    ],
  );

  const { redis, nslookup } = walkthrough.onInstance(instanceId);
  assert.equal(await redis(primary, 'set', 'hoge', 'foo'), 'OK');
  assert.equal(await redis(primary, 'get', 'hoge'), '"foo"');

  assert.equal(
    await redis(reader, 'set', 'aaa', 'bbb'),
    "(error) READONLY You can't write against a read only replica.",
  );
  assert.equal(await redis(reader, 'keys', '*'), '1) "hoge"');
  assert.equal(await redis(reader, 'get', 'hoge'), '"foo"');

  const toPrimary = await nslookup(primary);
  const toReader = await nslookup(reader);
  assert.equal(toPrimary.canonicalName, `${GROUP}-001.${hash}.0001.apne1.cache.amazonaws.com`);
  assert.equal(toReader.canonicalName, `${GROUP}-002.${hash}.0001.apne1.cache.amazonaws.com`);
  assertInSubnet(options.network, toPrimary, 3);
  assertInSubnet(options.network, toReader, 4);
}
