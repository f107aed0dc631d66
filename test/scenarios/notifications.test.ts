// What ElastiCache tells on a topic: a real group, a real failover, and an endpoint that listens, that fails, and from
// which Millpond is torn away.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateReplicationGroupCommand,
  type ElastiCacheClient,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import type { SNS } from '@aws-sdk/client-sns';
import { startMillpondProcess } from '../faults/millpond-process.ts';
import { startTestMillpond } from '../support/millpond.ts';
import {
  type NotificationSubscriber,
  snsClient,
  startNotificationSubscriber,
  topicFor,
} from '../support/notification-subscriber.ts';
import { describeCluster, eventually, told, untilAvailable } from '../support/replication-groups.ts';

/** AWS: the documented order. */
const FAILOVER = (from: string, to: string) => [
  'TestFailoverApiCalled: demo',
  `FailoverComplete: ${to}`,
  'FailoverComplete: demo',
  `CacheNodeReplaceStarted: ${from}`,
  `CacheNodeReplaceComplete: ${from}`,
];

async function createGroup(elasticache: ElastiCacheClient, sns: SNS, subscriber: NotificationSubscriber) {
  const NotificationTopicArn = await topicFor(sns, subscriber);
  await eventually('the endpoint has confirmed', async () => {
    const { Attributes } = await sns.getTopicAttributes({ TopicArn: NotificationTopicArn });
    return Attributes!.SubscriptionsConfirmed === '1';
  });
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'demo',
      ReplicationGroupDescription: 'notifications',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      NotificationTopicArn,
    }),
  );
  await untilAvailable(elasticache, 'demo');
  await subscriber.until('CreateReplicationGroupComplete: demo');
}

const failOver = (elasticache: ElastiCacheClient) =>
  elasticache.send(new TestFailoverCommand({ ReplicationGroupId: 'demo', NodeGroupId: '0001' }));

const modify = (elasticache: ElastiCacheClient, NotificationTopicStatus: string) =>
  elasticache.send(
    new ModifyReplicationGroupCommand({
      ...{ ReplicationGroupId: 'demo', NotificationTopicStatus, ApplyImmediately: true },
    }),
  );

test('an endpoint is told of everything in order, fails it as it may, and nothing while inactive', async (t: TestContext) => {
  const subscriber = await startNotificationSubscriber(t);
  const millpond = await startTestMillpond();
  t.after(() => millpond.stop());
  const { elasticache } = millpond;
  const sns = snsClient(millpond.url);
  t.after(() => sns.destroy());
  await createGroup(elasticache, sns, subscriber);
  assert.deepEqual(subscriber.told.toSorted(), [
    'AddCacheNodeComplete: demo-001',
    'AddCacheNodeComplete: demo-002',
    'CacheClusterProvisioningComplete: demo-001',
    'CacheClusterProvisioningComplete: demo-002',
    'CreateReplicationGroupComplete: demo',
  ]);
  assert.equal(subscriber.told.at(-1), 'CreateReplicationGroupComplete: demo');

  subscriber.told.length = 0;
  await failOver(elasticache);
  await subscriber.until('CacheNodeReplaceComplete: demo-001');
  assert.deepEqual(subscriber.told, FAILOVER('demo-001', 'demo-002'));

  subscriber.told.length = 0;
  subscriber.failuresEach = 2;
  await failOver(elasticache);
  for (const wanted of FAILOVER('demo-002', 'demo-001')) await subscriber.until(wanted);
  assert.equal(subscriber.failed, 10);
  subscriber.failuresEach = 0;

  await modify(elasticache, 'inactive');
  subscriber.told.length = 0;
  await failOver(elasticache);
  await eventually('the failover is over', async () => {
    const all = await told(elasticache, 'demo-001');
    return all.filter((one) => one.includes('Finished recovery')).length === 2;
  });
  await modify(elasticache, 'active');
  await elasticache.send(
    new IncreaseReplicaCountCommand({
      ...{ ReplicationGroupId: 'demo', NewReplicaCount: 2, ApplyImmediately: true },
    }),
  );
  await subscriber.until('ReplicationGroupIncreaseReplicaCountFinished: demo-003');
  assert.deepEqual(subscriber.told, [
    'ReplicationGroupIncreaseReplicaCountStarted: demo-003',
    'CacheClusterProvisioningComplete: demo-003',
    'AddCacheNodeComplete: demo-003',
    'ReplicationGroupIncreaseReplicaCountFinished: demo-003',
  ]);
  const events = await told(elasticache, 'demo-003');
  assert.equal(events.length, 3, 'what is told on SNS alone is no event');
  assert.equal(
    (await describeCluster(elasticache, 'demo-001')).NotificationConfiguration?.TopicStatus,
    'active',
  );
});

test('kill -9 between failover and delivery loses no notification', async (t: TestContext) => {
  const subscriber = await startNotificationSubscriber(t);
  const millpond = await startMillpondProcess();
  let passed = false;
  t.after(() => millpond.destroy({ keep: !passed }));
  let sns = snsClient(millpond.url);
  await createGroup(millpond.elasticache, sns, subscriber);
  sns.destroy();

  for (const [from, to, at] of [
    ['demo-001', 'demo-002', 'TestFailoverApiCalled: demo'],
    ['demo-002', 'demo-001', 'FailoverComplete: demo-001'],
  ] as const) {
    subscriber.told.length = 0;
    // From that message on nothing is answered, until Millpond is gone.
    const reached = new Promise<void>((resolve) => {
      let isHolding = false;
      subscriber.hold = (told) => {
        isHolding ||= told === at;
        if (isHolding) resolve();
        return isHolding;
      };
    });
    await failOver(millpond.elasticache);
    await reached;
    await eventually('the failover is recorded', async () => {
      const all = await told(millpond.elasticache, 'demo');
      return all.some((one) => one.includes(`to replica node ${to} completed`));
    });
    await millpond.kill9();
    assert.ok(subscriber.told.length < 3);
    subscriber.hold = () => false;
    await millpond.start();
    await subscriber.until(`CacheNodeReplaceComplete: ${from}`);
    assert.deepEqual(subscriber.told, FAILOVER(from, to));
    await untilAvailable(millpond.elasticache, 'demo');
    sns = snsClient(millpond.url);
    const { Attributes } = await sns.getTopicAttributes({
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:cache-events',
    });
    sns.destroy();
    assert.equal(Attributes!.SubscriptionsConfirmed, '1');
  }
  await millpond.down('--purge');
  passed = true;
});
