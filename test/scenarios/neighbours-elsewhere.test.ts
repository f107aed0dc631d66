// Two Millponds, one using the other's SNS, Lambda, CloudWatch and Route 53: what is told there, what becomes of it while
// the other is away, and that two which use each other come to rest. Route 53 alone is route53-elsewhere's.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { CreateReplicationGroupCommand, TestFailoverCommand } from '@aws-sdk/client-elasticache';
import { Lambda } from '@aws-sdk/client-lambda';
import { Route53 } from '@aws-sdk/client-route-53';
import type { SNS } from '@aws-sdk/client-sns';
import { zip } from '../../src/kernel/zip.ts';
import { MILLPOND, runCommand } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  type NotificationSubscriber,
  snsClient,
  startNotificationSubscriber,
  topicFor,
} from '../support/notification-subscriber.ts';
import { eventually, untilAvailable } from '../support/replication-groups.ts';

const SERVICES = ['SNS', 'LAMBDA', 'CLOUDWATCH', 'ROUTE_53'];
const FAILOVER = [
  'TestFailoverApiCalled: demo',
  'FailoverComplete: demo-002',
  'FailoverComplete: demo',
  'CacheNodeReplaceStarted: demo-001',
  'CacheNodeReplaceComplete: demo-001',
];

const allAt = (url: string) =>
  Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, url]));

const optionsOf = ({ url }: TestMillpond) => ({
  ...{ endpoint: url, region: 'us-east-1', maxAttempts: 1 },
  credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
});

/** So that one can be named before it listens, and be found again. */
async function start(t: TestContext, port: string, env: NodeJS.ProcessEnv = {}): Promise<TestMillpond> {
  const millpond = await startTestMillpond({ port, failureDetectionMs: '500' }, env);
  t.after(() => millpond.stop());
  return millpond;
}

async function createGroup({ elasticache }: TestMillpond, NotificationTopicArn: string): Promise<void> {
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'demo',
      ReplicationGroupDescription: 'neighbours elsewhere',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      NotificationTopicArn,
      Tags: [{ Key: 'millpond:replica-names', Value: 'read.example.test' }],
    }),
  );
  await untilAvailable(elasticache, 'demo');
}

/** Subscribed for certain: what is published before the endpoint has confirmed is not sent to it. */
async function confirmedTopic(sns: SNS, subscriber: NotificationSubscriber): Promise<string> {
  const TopicArn = await topicFor(sns, subscriber);
  await eventually('the endpoint has confirmed', async () => {
    const { Attributes } = await sns.getTopicAttributes({ TopicArn });
    return Attributes!.SubscriptionsConfirmed === '1';
  });
  return TopicArn;
}

const failOver = ({ elasticache }: TestMillpond) =>
  elasticache.send(new TestFailoverCommand({ ReplicationGroupId: 'demo', NodeGroupId: '0001' }));

async function createFunction(t: TestContext, millpond: TestMillpond) {
  const lambda = new Lambda(optionsOf(millpond));
  t.after(() => lambda.destroy());
  const { FunctionArn } = await lambda.createFunction({
    ...{ FunctionName: 'listener', Runtime: 'nodejs22.x', Handler: 'index.handler' },
    Role: 'arn:aws:iam::000000000000:role/any',
    Code: {
      ZipFile: zip({
        'index.js': `exports.handler = async (event) => console.log('GOT', JSON.stringify(event));`,
      }),
    },
  });
  return { lambda, FunctionArn: FunctionArn! };
}

test('what happens here is told there, and waits while nobody is there', async (t) => {
  const subscriber = await startNotificationSubscriber(t);
  const port = `${await freePort()}`;
  const owner = await start(t, port);
  const user = await start(t, '0', allAt(owner.url));
  const [there, here] = [snsClient(owner.url), snsClient(user.url)];
  const [logs, cloudwatch] = [new CloudWatchLogs(optionsOf(owner)), new CloudWatch(optionsOf(owner))];
  t.after(() => [there, here, logs, cloudwatch].forEach((client) => void client.destroy()));

  // SNS: the topic is the other's, and so is its subscriber.
  await createGroup(user, await confirmedTopic(there, subscriber));
  await subscriber.until('CreateReplicationGroupComplete: demo');

  // Lambda: this one's topic calls the other's function.
  const { FunctionArn } = await createFunction(t, owner);
  const { TopicArn } = await here.createTopic({ Name: 'calls' });
  await here.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: FunctionArn });
  await here.publish({ TopicArn, Message: 'over there' });
  await eventually('the other’s function has run', async () => {
    const { events } = await logs.filterLogEvents({
      logGroupName: '/aws/lambda/listener',
      filterPattern: 'GOT',
    });
    return events?.some(({ message }) => message!.includes('over there'));
  });

  // The other away: nothing here waits for it but what was to be told.
  subscriber.told.length = 0;
  await owner.leave();
  await failOver(user);
  await untilAvailable(user.elasticache, 'demo');
  await eventually('the log says who did not answer', () =>
    readFileSync(join(user.dataDir, 'millpond.log'), 'utf8').includes(`sns did not answer at ${owner.url}`),
  );
  await owner.start();
  await subscriber.until(FAILOVER.at(-1)!);
  assert.deepEqual(subscriber.told, FAILOVER);

  // CloudWatch: functions of this one are counted there, at its end at the latest.
  const { lambda } = await createFunction(t, user);
  await lambda.invoke({ FunctionName: 'listener', Payload: '{}' });
  await user.leave();
  await user.start();
  const { Metrics } = await cloudwatch.listMetrics({ Namespace: 'AWS/Lambda', MetricName: 'Duration' });
  assert.ok(Metrics!.some(({ Dimensions }) => Dimensions!.some(({ Value }) => Value === 'listener')));
  const own = new CloudWatch(optionsOf(user));
  assert.deepEqual((await own.listMetrics({})).Metrics, []);
  own.destroy();
});

test('two that use each other come to rest', async (t) => {
  const subscriber = await startNotificationSubscriber(t);
  const [portOfOne, portOfOther] = [`${await freePort()}`, `${await freePort()}`];
  const one = await start(t, portOfOne, allAt(`http://127.0.0.1:${portOfOther}`));
  const other = await start(t, portOfOther, allAt(`http://127.0.0.1:${portOfOne}`));
  const [sns, ofOne] = [snsClient(other.url), snsClient(one.url)];
  const [route53, route53OfOne] = [new Route53(optionsOf(other)), new Route53(optionsOf(one))];
  t.after(() => [sns, ofOne, route53, route53OfOne].forEach((client) => void client.destroy()));
  const { HostedZone } = await route53.createHostedZone({ Name: 'example.test', CallerReference: 'one' });
  await route53OfOne.createHostedZone({ Name: 'example.test', CallerReference: 'one' });
  const TopicArn = await confirmedTopic(sns, subscriber);
  // The same there, so that a message which came back would be seen.
  await confirmedTopic(ofOne, subscriber);

  await createGroup(one, TopicArn);
  await subscriber.until('CreateReplicationGroupComplete: demo');
  subscriber.told.length = 0;
  subscriber.requests = 0;
  await failOver(one);
  await subscriber.until(FAILOVER.at(-1)!);
  const shown = async () => {
    const { ResourceRecordSets } = await route53.listResourceRecordSets({ HostedZoneId: HostedZone!.Id! });
    const names = ResourceRecordSets!.filter(({ Type }) => Type === 'CNAME');
    return names.map(({ ResourceRecords }) => ResourceRecords![0]!.Value!.split('.')[0]).join();
  };
  await eventually('the name is kept there', async () => (await shown()) === 'demo-001');
  assert.deepEqual(subscriber.told, FAILOVER);
  assert.equal(subscriber.requests, FAILOVER.length, 'each once');
});

test('one that is to use itself does not start, and says so', async (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-itself-'));
  const dataDir = ['--data-dir', join(parent, 'state')];
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const port = `${await freePort()}`;
  const env = { ...process.env, AWS_ENDPOINT_URL_SNS: `http://localhost:${port}/` };
  for (const detach of [[], ['--detach']]) {
    const { code, stderr, stdout } = await runCommand(
      MILLPOND,
      ['up', ...detach, '--port', port, ...dataDir],
      { env },
    );
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^millpond: AWS_ENDPOINT_URL_SNS leads to this Millpond itself; unset it .*\n$/);
  }
  // What its clients go by is no concern of its own.
  const clients = { ...process.env, AWS_ENDPOINT_URL: `http://localhost:${port}/` };
  const up = await runCommand(MILLPOND, ['up', '--detach', '--port', port, ...dataDir], { env: clients });
  assert.equal(up.code, 0, up.stderr);
  // Nor is it that of commands which start none.
  const down = await runCommand(MILLPOND, ['down', '--purge', ...dataDir], { env });
  assert.equal(down.code, 0, down.stderr);
});
