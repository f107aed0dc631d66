// The first walkthrough, command by command: Redis with cluster mode off, a primary and a replica in two zones of
// ap-northeast-1, parameters as in its template. What it does by CloudFormation is done by the AWS CLI.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWalkthrough, whatIsMissing } from '../support/walkthrough.ts';

const REGION = 'ap-northeast-1';
const GROUP = 'fa-063-replicationgroup';
const SUBNET_GROUP = 'fa-063-subnetgroup';

test('cluster mode off, as the first walkthrough shows it', {
  skip: whatIsMissing(),
}, async (t) => {
  const { elasticache, ec2, redis, nslookup } = await startWalkthrough(t, REGION);

  const subnetIds = await subnetsIn(['ap-northeast-1a', 'ap-northeast-1c']);
  const { SecurityGroups } = await ec2('describe-security-groups');
  await elasticache(
    ...['create-cache-subnet-group', '--cache-subnet-group-name', SUBNET_GROUP],
    ...['--cache-subnet-group-description', 'fa-063-SubnetGroup', '--subnet-ids', ...subnetIds],
  );
  const created = await elasticache(
    ...['create-replication-group', '--replication-group-id', GROUP],
    ...['--replication-group-description', 'fa-063-ReplicationGroup', '--auto-minor-version-upgrade'],
    ...['--cache-node-type', 'cache.t4g.micro', '--cache-parameter-group-name', 'default.redis6.x'],
    ...['--cache-subnet-group-name', SUBNET_GROUP, '--engine', 'redis', '--engine-version', '6.2'],
    ...['--multi-az-enabled', '--port', '6379', '--security-group-ids', SecurityGroups[0].GroupId],
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
  assert.equal(toPrimary.addresses.length, 1);
  assert.equal(toReader.addresses.length, 1);
  assert.notEqual(thirdNumber(toPrimary.addresses[0]!), thirdNumber(toReader.addresses[0]!), 'two subnets');

  async function subnetsIn(zones: string[]): Promise<string[]> {
    const { Subnets } = await ec2(
      ...['describe-subnets', '--filters', `Name=availability-zone,Values=${zones.join(',')}`],
    );
    assert.equal(Subnets.length, zones.length);
    return Subnets.map((subnet: { SubnetId: string }) => subnet.SubnetId);
  }
});

const thirdNumber = (address: string) => address.split('.')[2];
