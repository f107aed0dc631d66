// Feeds of any Redis in processes of their own: from an entry or a notification to the call of a sink.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { silentLog } from '../kernel/log.ts';
import type { FeedConfiguration } from './configuration/configuration.ts';
import { mapping } from './delivery/delivery.fixture.ts';
import { openFeeds } from './feed-processes.ts';
import { eventually, startRedis } from './redis/redis.fixture.ts';
import { CallFailed } from './sink.ts';
import { type MadeCall, recordedCalls } from './sinks/sinks.fixture.ts';

function open(t: TestContext, answer: (call: MadeCall) => unknown) {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-feeds-'));
  const calls = recordedCalls(answer);
  const feeds = openFeeds({
    ...{ dataDir, log: silentLog },
    callsOf: () => calls,
  });
  t.after(async () => {
    await feeds.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const scope = { accountId: '000000000000', region: 'us-east-1' };
  const set = (configuration: Omit<FeedConfiguration, 'name' | 'readsMetaRecords'>) =>
    feeds.set({ id: 'f', scope, configuration: { name: 'f', readsMetaRecords: false, ...configuration } });
  return { feeds, calls, set };
}

const LAMBDA = { kind: 'lambda', function: 'f', reportsItemFailures: false } as const;
const eventOf = ({ input }: MadeCall) => JSON.parse(Buffer.from(input.Payload).toString());

it('an entry that a function never takes is a dead letter; those behind it, and those of a killed process, arrive', async (t) => {
  const redis = await startRedis(t);
  let isHanging = false;
  const { feeds, calls, set } = open(t, (call) => {
    if (call.service === 'sqs') return { QueueUrl: 'http://sqs/dead' };
    if (isHanging) return new Promise(() => {});
    if (JSON.stringify(eventOf(call)).includes('poison'))
      throw new CallFailed('ServiceException', 'no', false);
    return { Payload: Buffer.from('null') };
  });
  const add = (...fields: string[]) => redis.client.call('XADD', 'orders', '*', ...fields);
  await set({
    source: {
      ...{ kind: 'stream', streams: ['orders'], group: 'f', consumer: 'f', claimAfterMs: 60_000 },
      server: { url: redis.url, isCluster: false },
    },
    value: 'after',
    mappings: [
      mapping({
        target: LAMBDA,
        retry: { attempts: 1, maxAgeMs: -1, bisects: false },
        batch: { size: 1, windowMs: 0, parallel: 1 },
        deadLetters: { kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
      }),
    ],
  });
  await add('key', 'bad', 'n', 'poison');
  await add('key', 'good', 'n', '1');
  const events = () =>
    calls.made.filter(({ service }) => service === 'lambda').map((call) => eventOf(call).Records[0]);
  const pending = async () => Number(((await redis.client.call('XPENDING', 'orders', 'f')) as [number])[0]);
  await eventually(() => events().some(({ key }) => key === 'good'));
  await eventually(() => calls.made.some(({ operation }) => operation.startsWith('SendMessage')));
  await eventually(async () => (await pending()) === 0);
  assert.equal(events().filter(({ key }) => key === 'bad').length, 2);
  assert.deepEqual(events().find(({ key }) => key === 'good').value, { n: '1' });

  isHanging = true;
  await add('key', 'late', 'n', '2');
  await eventually(() => events().some(({ key }) => key === 'late'));
  isHanging = false;
  process.kill(feeds.status('f')!.pid!, 'SIGKILL');
  await eventually(() => events().filter(({ key }) => key === 'late').length === 2);
  await eventually(async () => (await pending()) === 0);
  const [first, second] = events().filter(({ key }) => key === 'late');
  assert.equal(first.sequence, second.sequence);
});

it('notifications reach a table as items, in the words of the article a function', async (t) => {
  const redis = await startRedis(t, '--notify-keyspace-events', 'EA');
  const { calls, set } = open(t, ({ operation }) =>
    operation === 'DescribeTable'
      ? {
          Table: {
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          },
        }
      : { Payload: Buffer.from('null') },
  );
  await set({
    source: {
      ...{ kind: 'keyspace', pattern: '__key*__:*', database: 0 },
      server: { url: redis.url, isCluster: false },
    },
    value: 'after',
    matching: 'all',
    mappings: [
      mapping({ name: 'table', target: { kind: 'dynamodb', table: 'People', row: { key: {} } } }),
      mapping({
        ...{ name: 'function', target: LAMBDA, payload: 'article', commands: ['hset'] },
        batch: { size: 1, windowMs: 0, parallel: 1 },
      }),
    ],
  });
  await redis.client.hset('person1', { firstName: 'John', lastName: 'Smith' });
  const made = (operation: string) => calls.made.find((call) => call.operation === operation);
  await eventually(() => made('Invoke') !== undefined && made('PutItem') !== undefined);
  const { obj_name, body } = eventOf(made('Invoke')!);
  assert.equal(obj_name, 'person1');
  assert.deepEqual(JSON.parse(body), { firstName: 'John', lastName: 'Smith' });
  assert.deepEqual(made('PutItem')!.input.Item, {
    id: { S: 'person1' },
    firstName: { S: 'John' },
    lastName: { S: 'Smith' },
  });
  await redis.client.del('person1');
  await eventually(() => made('DeleteItem') !== undefined);
  assert.deepEqual(made('DeleteItem')!.input.Key, { id: { S: 'person1' } });
});
