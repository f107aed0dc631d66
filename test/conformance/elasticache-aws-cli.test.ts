// ElastiCache through the AWS CLI, as a person types it: shorthand lists, waiters, JMESPath, exit codes.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';
import { eventually, told, untilAvailable } from '../support/replication-groups.ts';

/** AWS: what the first version of the CLI ends with, be it that the service refused or that a waiter gave up. */
const FAILED = 255;

describe('the AWS CLI', { concurrency: 2, skip: WITHOUT_PYTHON_CLIENTS }, () => {
  let millpond: TestMillpond;

  before(async () => {
    millpond = await startTestMillpond();
  });
  after(() => millpond?.stop());

  const aws = (...args: string[]) =>
    run(AWS_CLI, ['--endpoint-url', millpond.url, 'elasticache', ...args], awsEnvironment(millpond.url));

  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the CLI prints
  async function answer(...args: string[]): Promise<any> {
    const { code, stdout, stderr } = await aws(...args);
    assert.equal(code, 0, stderr);
    return stdout.trim() ? JSON.parse(stdout) : undefined;
  }

  async function fails(text: RegExp, ...args: string[]): Promise<void> {
    const ended = await aws(...args);
    assert.match(ended.stderr, text);
    assert.equal(ended.code, FAILED, ended.stderr);
  }

  it('takes a group through its life', async () => {
    const created = await answer(
      ...['create-replication-group', '--replication-group-id', 'demo'],
      ...['--replication-group-description', 'demo', '--engine', 'redis'],
      ...['--cache-node-type', 'cache.t4g.micro', '--num-cache-clusters', '3'],
      ...['--automatic-failover-enabled', '--multi-az-enabled', '--tags', 'Key=team,Value=a'],
    );
    assert.equal(created.ReplicationGroup.Status, 'creating');
    await answer('wait', 'replication-group-available', '--replication-group-id', 'demo');
    const primary = await answer(
      ...['describe-replication-groups', '--replication-group-id', 'demo'],
      ...['--query', 'ReplicationGroups[0].NodeGroups[0].PrimaryEndpoint.Address'],
    );
    assert.match(primary, /^demo\.[a-z0-9]{6}\.ng\.0001\.use1\.cache\.amazonaws\.com$/);

    await answer('test-failover', '--replication-group-id', 'demo', '--node-group-id', '0001');
    await eventually('the old primary is recovered', async () =>
      (await told(millpond.elasticache, 'demo-001')).includes(
        'demo-001: Finished recovery for cache nodes 0001',
      ),
    );
    const messages = await answer(
      ...['describe-events', '--source-type', 'replication-group', '--source-identifier', 'demo'],
      ...['--duration', '60', '--query', 'Events[].Message'],
    );
    assert.match(messages[0], /^Failover from primary node demo-001 to replica node demo-00[23] completed$/);
    assert.equal(messages[1], 'Test Failover API called for node group 0001');

    await answer('delete-replication-group', '--replication-group-id', 'demo', '--no-retain-primary-cluster');
    await answer('wait', 'replication-group-deleted', '--replication-group-id', 'demo');
  });

  it('spells lists of structures in shorthand', async () => {
    await answer(
      ...['create-replication-group', '--replication-group-id', 'shards'],
      ...['--replication-group-description', 'shards', '--engine', 'valkey'],
      ...['--cache-parameter-group-name', 'default.valkey9.cluster.on', '--node-group-configuration'],
      'NodeGroupId=0001,Slots=0-8191,ReplicaCount=1,PrimaryAvailabilityZone=us-east-1a,ReplicaAvailabilityZones=us-east-1b',
      'NodeGroupId=0002,Slots=8192-16383,ReplicaCount=0',
    );
    const { MemberClusters, NodeGroups } = await untilAvailable(millpond.elasticache, 'shards');
    assert.deepEqual(MemberClusters, ['shards-0001-001', 'shards-0001-002', 'shards-0002-001']);
    assert.deepEqual(
      NodeGroups![0]!.NodeGroupMembers!.map((member) => member.PreferredAvailabilityZone),
      ['us-east-1a', 'us-east-1b'],
    );
    await answer(
      ...['increase-replica-count', '--replication-group-id', 'shards', '--apply-immediately'],
      ...['--replica-configuration'],
      'NodeGroupId=0002,NewReplicaCount=1,PreferredAvailabilityZones=us-east-1c,us-east-1d',
    );
    await untilAvailable(millpond.elasticache, 'shards');
    await answer(
      ...['decrease-replica-count', '--replication-group-id', 'shards', '--apply-immediately'],
      ...['--replicas-to-remove', 'shards-0001-002', 'shards-0002-002'],
    );
    await untilAvailable(millpond.elasticache, 'shards');
    await answer(
      ...['modify-replication-group-shard-configuration', '--replication-group-id', 'shards'],
      ...['--node-group-count', '3', '--apply-immediately', '--resharding-configuration'],
      'NodeGroupId=0003,PreferredAvailabilityZones=us-east-1d',
    );
    const grown = await untilAvailable(millpond.elasticache, 'shards');
    assert.equal(grown.NodeGroups![2]!.NodeGroupMembers![0]!.PreferredAvailabilityZone, 'us-east-1d');
  });

  it('spells parameters and clusters', async () => {
    await answer(
      ...['create-cache-parameter-group', '--cache-parameter-group-name', 'mine'],
      ...['--cache-parameter-group-family', 'redis7', '--description', 'mine'],
    );
    await answer(
      ...['modify-cache-parameter-group', '--cache-parameter-group-name', 'mine', '--parameter-name-values'],
      'ParameterName=timeout,ParameterValue=60',
      'ParameterName=maxmemory-policy,ParameterValue=allkeys-lru',
    );
    const parameters = await answer(
      ...['describe-cache-parameters', '--cache-parameter-group-name', 'mine', '--source', 'user'],
      ...['--query', 'Parameters[].[ParameterName,ParameterValue]'],
    );
    assert.deepEqual(parameters.sort(), [
      ['maxmemory-policy', 'allkeys-lru'],
      ['timeout', '60'],
    ]);
    await answer(
      ...['create-cache-cluster', '--cache-cluster-id', 'lone', '--engine', 'redis'],
      ...['--cache-parameter-group-name', 'mine'],
    );
    await answer('wait', 'cache-cluster-available', '--cache-cluster-id', 'lone');
    await answer('reboot-cache-cluster', '--cache-cluster-id', 'lone', '--cache-node-ids-to-reboot', '0001');
  });

  it('tells errors by their codes, and ends accordingly', async () => {
    await fails(
      /\(ReplicationGroupNotFoundFault\) when calling the DescribeReplicationGroups operation/,
      ...['describe-replication-groups', '--replication-group-id', 'nobody'],
    );
    await fails(
      /\(InvalidParameterCombination\).*TransitEncryptionEnabled/,
      ...['create-replication-group', '--replication-group-id', 'tls'],
      ...['--replication-group-description', 'tls', '--transit-encryption-enabled'],
    );
    await fails(/\(CacheClusterNotFound\)/, ...['delete-cache-cluster', '--cache-cluster-id', 'nobody']);
    await fails(
      /Waiter ReplicationGroupAvailable failed/,
      ...['wait', 'replication-group-available', '--replication-group-id', 'nobody'],
    );
  });
});
