// Tests the outbox of notifications: what is written with a group's record, and how it reaches SNS.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { NOTHING_WAITS, waitingIn } from '../../../control/outbox.fixture.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import { type Log, silentLog } from '../../../kernel/log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Group } from '../clusters/domain/model.ts';
import { someGroup } from '../in-memory.fixture.ts';
import { failoverCompleted, memberCreated, recovered } from './domain/event-texts.ts';
import { createNotifications, type SnsClient } from './notifications.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic';
const group = (changes: Partial<Group> = {}) =>
  someGroup('demo', { notificationTopicArn: TOPIC, ...changes });

function open(store: Store) {
  const published: string[] = [];
  const failures: (Error | undefined)[] = [];
  const clock = { time: 0, now: () => clock.time };
  const warnings: object[] = [];
  let look = () => {};
  const sns = {
    async call(_operation: string, input: { TopicArn: string; Message: string }) {
      const failure = failures.shift();
      if (failure) throw failure;
      assert.equal(input.TopicArn, TOPIC);
      published.push(input.Message);
      look();
      return {};
    },
  } as unknown as SnsClient;
  const log: Log = { ...silentLog, warn: (fields) => warnings.push(fields), child: () => log };
  const notifications = createNotifications({ store, clock, log, sns, delaysMs: [0] });
  const until = (count: number) =>
    new Promise<string[]>((resolve) => {
      look = () => {
        if (published.length >= count) resolve(published);
      };
      look();
    });
  return { notifications, published, failures, clock, warnings, until };
}

it('publishes notifications in order, and skips events without a notification name', async () => {
  const store = openStore(':memory:');
  const { notifications, until } = open(store);
  const events = [
    ...memberCreated('demo-001', 'us-east-1a'),
    ...failoverCompleted('demo', 'demo-001', 'demo-002'),
  ];
  store.transaction(() => {
    for (const event of events) notifications.append(SCOPE, group(), event);
  });
  notifications.start();
  assert.deepEqual(await until(4), [
    '{"ElastiCache:CacheClusterProvisioningComplete":"demo-001"}',
    '{"ElastiCache:AddCacheNodeComplete":"demo-001"}',
    '{"ElastiCache:FailoverComplete":"demo-002"}',
    '{"ElastiCache:FailoverComplete":"demo"}',
  ]);
  await notifications.stop();
  assert.deepEqual(waitingIn(store), NOTHING_WAITS);
});

it('publishes nothing without an active topic, or from a transaction that was rolled back', async () => {
  const store = openStore(':memory:');
  const { notifications, published, until } = open(store);
  notifications.start();
  const event = recovered('demo-001');
  notifications.append(SCOPE, someGroup('demo'), event);
  notifications.append(SCOPE, group({ notificationTopicStatus: 'inactive' }), event);
  assert.throws(() =>
    store.transaction(() => {
      notifications.append(SCOPE, group(), event);
      throw new Error('no');
    }),
  );
  assert.deepEqual(waitingIn(store), NOTHING_WAITS);
  notifications.append(SCOPE, group({ notificationTopicStatus: 'active' }), event);
  await until(1);
  assert.equal(published.length, 1);
  await notifications.stop();
});

it('keeps the order while SNS is unavailable', async () => {
  const store = openStore(':memory:');
  const { notifications, failures, until } = open(store);
  failures.push(new OperationalError('CommandFailed', 'away'), new Fault('ThrottledException', 'slow'));
  for (const id of ['a', 'b', 'c']) notifications.append(SCOPE, group(), recovered(id));
  notifications.start();
  assert.deepEqual(
    (await until(3)).map((text) => Object.values(JSON.parse(text))[0]),
    ['a', 'b', 'c'],
  );
  await notifications.stop();
});

it('drops notifications that SNS refuses or that expire, with a log line', async () => {
  const store = openStore(':memory:');
  const { notifications, failures, clock, warnings, until } = open(store);
  failures.push(new Fault('NotFoundException', 'Topic does not exist'));
  notifications.append(SCOPE, group(), recovered('refused'));
  notifications.append(SCOPE, group(), recovered('old'));
  clock.time = 3_600_001;
  failures.push(new OperationalError('CommandFailed', 'away'));
  notifications.append(SCOPE, group(), recovered('young'));
  notifications.start();
  assert.deepEqual(await until(1), ['{"ElastiCache:CacheNodeReplaceComplete":"young"}']);
  assert.deepEqual(
    warnings.map((fields) => (fields as { text: string }).text),
    ['refused', 'old'].map((id) => `{"ElastiCache:CacheNodeReplaceComplete":"${id}"}`),
  );
  await notifications.stop();
});

it('continues after a restart', async () => {
  const store = openStore(':memory:');
  const first = open(store);
  for (const id of ['a', 'b']) first.notifications.append(SCOPE, group(), recovered(id));
  await first.notifications.stop();
  const second = open(store);
  second.notifications.append(SCOPE, group(), recovered('c'));
  second.notifications.start();
  assert.deepEqual(
    (await second.until(3)).map((text) => Object.values(JSON.parse(text))[0]),
    ['a', 'b', 'c'],
  );
  await second.notifications.stop();
  assert.deepEqual(waitingIn(store), NOTHING_WAITS);
});
