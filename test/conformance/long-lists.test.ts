// Ten thousand of anything do not hold the event loop: the longest turn of each list beside what reading all of it at
// once takes, in the same run.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { silentLog } from '../../src/kernel/log.ts';
import { turnEnd } from '../../src/kernel/turn.ts';
import { createCloudWatch } from '../../src/services/cloudwatch/service.ts';
import { createIam } from '../../src/services/iam/service.ts';
import type { LambdaClient, SqsClient } from '../../src/services/sns/delivery/send.ts';
import { createSns } from '../../src/services/sns/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import type { Service } from '../../src/wire/service.ts';
import { ownLogs } from '../support/logs.ts';
import { longestTurn } from '../support/longest-turn.ts';

const COUNT = 10_000;
const METRICS = 40_000;
/** Of what reading all at once takes. */
const SHARE = 0.75;
const NOW = Date.UTC(2026, 0, 15);
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const GLOBAL = { accountId: '000000000000', region: '' };
const clock = { now: () => NOW };
const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const nameOf = (prefix: string, index: number) => `${prefix}${String(index).padStart(6, '0')}`;

function fill<T>(
  store: Store,
  kind: string,
  scope: typeof SCOPE,
  make: (index: number) => [string, T],
  count = COUNT,
) {
  const collection = store.collection<T>(kind);
  store.transaction(() => {
    for (let index = 0; index < count; index++) collection.put(scope, ...make(index));
  });
  return collection;
}

type Call = (operation: string, input: object) => Promise<Record<string, unknown>>;

function caller(service: Service): Call {
  const client = createClient<Record<string, never>>(service.name, { inProcess: service });
  const call = client.call as unknown as (
    operation: string,
    input: object,
    scope: object,
  ) => ReturnType<Call>;
  return (operation, input) => call(operation, input, SCOPE);
}

/** Of several tries the best, since a garbage collection and a first compilation count as well. */
async function bestTurn(work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3; tries++) best = Math.min(best, await longestTurn(work));
  return best;
}

/** Does nothing but pause where it should, for ten slices or so. */
async function pausing(): Promise<void> {
  const end = performance.now() + 100;
  while (performance.now() < end) {
    for (let step = 0; step < 1000; step++) Math.sqrt(step);
    await turnEnd();
  }
}

/** `atOnce` is what the list would cost without pages; where that is little, a slice of work is the measure. */
async function compare(
  call: Call,
  atOnce: () => unknown,
  calls: readonly [operation: string, input: object][],
) {
  const baseline = await bestTurn(atOnce);
  const most = Math.max(SHARE * baseline, 3 * (await bestTurn(pausing)));
  for (const [operation, input] of calls) {
    const longest = await bestTurn(() => call(operation, input));
    const asked = `${operation} ${JSON.stringify(input).slice(0, 60)}`;
    const told = `${asked}: ${longest.toFixed(1)} of ${baseline.toFixed(1)} ms`;
    assert.ok(longest < most, told);
  }
  return baseline;
}

describe('CloudWatch', () => {
  it('metrics, and the data of as many as one request may ask for', async () => {
    const store = openStore(':memory:');
    const { service } = createCloudWatch({ store, clock, log: silentLog });
    const call = caller(service);
    const metric = (index: number) => ({ Name: 'id', Value: String(index) });
    for (let first = 0; first < METRICS; first += 1000) {
      const MetricData = Array.from({ length: 1000 }, (_, index) => ({
        MetricName: 'm',
        Dimensions: [metric(first + index)],
        Value: index,
        Timestamp: new Date(NOW - 60_000),
      }));
      await call('PutMetricData', { Namespace: 'app', MetricData });
    }
    const MetricDataQueries = Array.from({ length: 500 }, (_, index) => ({
      Id: `m${index}`,
      MetricStat: {
        Metric: { Namespace: 'app', MetricName: 'm', Dimensions: [metric(index * 20)] },
        Period: 60,
        Stat: 'Sum',
      },
    }));
    const names = store.prepare('SELECT identity FROM metrics');
    const atOnce = () =>
      names
        .all()
        .map(({ identity }) => String(identity).split('\n'))
        .sort((a, b) => (a.join('\n') < b.join('\n') ? -1 : 1));
    await compare(call, atOnce, [
      ['ListMetrics', {}],
      ['ListMetrics', { Dimensions: [{ Name: 'id', Value: '7' }] }],
      ['GetMetricData', { MetricDataQueries, StartTime: new Date(NOW - 3_600_000), EndTime: new Date(NOW) }],
    ]);
    store.close();
  });
});

describe('IAM', () => {
  const principal = (name: string, more: object) => ({
    name,
    path: '/',
    id: name,
    inline: { a: 'x'.repeat(1000) },
    attached: [POLICY],
    tags: {},
    createdAt: 0,
    ...more,
  });

  it('roles, users, policies and who has them', async (test) => {
    const directory = mkdtempSync(join(tmpdir(), 'millpond-lists-'));
    test.after(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, 'state.sqlite');
    const filled = openStore(file);
    fill(filled, 'iam/role', GLOBAL, (index) => {
      const name = nameOf('role', index);
      return [name, principal(name, { trustPolicy: '{}', maxSessionSeconds: 3600 })];
    });
    fill(filled, 'iam/user', GLOBAL, (index) => {
      const name = nameOf('user', index);
      return [name, principal(name, { groups: ['everybody'], accessKeys: [] })];
    });
    fill(filled, 'iam/group', GLOBAL, () => ['everybody', principal('everybody', {})], 1);
    fill(filled, 'iam/policy', GLOBAL, (index) => {
      const name = nameOf('policy', index);
      const versions = [{ versionId: 'v1', document: 'x'.repeat(1000), createdAt: 0 }];
      return [
        name,
        { ...principal(name, {}), versions, defaultVersionId: 'v1', versionCount: 1, updatedAt: 0 },
      ];
    });
    filled.close();
    const store = openStore(file);
    // Its indexes are made when it opens.
    const call = caller(createIam({ store, clock }));
    const roles = store.prepare("SELECT value FROM documents WHERE kind = 'iam/role'");
    await compare(call, () => roles.all().map(({ value }) => JSON.parse(String(value))), [
      ['ListRoles', {}],
      ['ListRoles', { PathPrefix: '/none/' }],
      ['ListUsers', { PathPrefix: '/none/' }],
      ['GetGroup', { GroupName: 'everybody' }],
      ['ListPolicies', { OnlyAttached: true, Scope: 'Local' }],
      ['ListEntitiesForPolicy', { PolicyArn: POLICY }],
      ['GetPolicy', { PolicyArn: POLICY }],
      ['ListPolicies', { MaxItems: 1000 }],
      ['GetAccountAuthorizationDetails', { MaxItems: 1000 }],
      ['GetAccountAuthorizationDetails', { MaxItems: 1000, Filter: ['LocalManagedPolicy'] }],
    ]);
    store.close();
  });
});

describe('CloudWatch Logs', () => {
  it('groups, streams and events', async () => {
    const logs = await ownLogs({ clock });
    const { store } = logs;
    const group = (name: string) => ({ name, createdAt: 0, logGroupClass: 'STANDARD', tags: {} });
    const groups = fill(store, 'logs/group', SCOPE, (index) => [
      nameOf('g', index),
      group(nameOf('g', index)),
    ]);
    const stream = (name: string, group = 'g000000') => ({
      ...{ group, name, createdAt: 0, firstEventAt: NOW, lastEventAt: NOW + 500 },
      ...{ number: 0, nextSequence: 0 },
    });
    fill(
      store,
      'logs/stream',
      SCOPE,
      (index) => [`g000000:${nameOf('s', index)}`, stream(nameOf('s', index))],
      1000,
    );
    const others = fill(
      store,
      'logs/stream',
      SCOPE,
      (index) => [`g000001:${nameOf('s', index)}`, stream(nameOf('s', index), 'g000001')],
      COUNT,
    );
    const call = caller(logs.service);
    for (let batch = 0; batch < 40; batch++) {
      const logEvents = Array.from({ length: 2500 }, (_, place) => ({
        ...{ timestamp: NOW + Math.floor(place / 10), message: `a line of text ${batch}` },
      }));
      const logStreamName = nameOf('s', batch % 4);
      await call('PutLogEvents', { logGroupName: 'g000000', logStreamName, logEvents });
    }
    await compare(call, () => groups.list(SCOPE), [
      ['DescribeLogGroups', {}],
      ['DescribeLogGroups', { logGroupNamePattern: 'none' }],
      ['DescribeLogStreams', { logGroupName: 'g000000' }],
      ['DescribeLogStreams', { logGroupName: 'g000000', orderBy: 'LastEventTime' }],
      ['GetLogEvents', { logGroupName: 'g000000', logStreamName: 's000000' }],
      ['FilterLogEvents', { logGroupName: 'g000000', limit: 100 }],
      ['FilterLogEvents', { logGroupName: 'g000000', filterPattern: 'none' }],
      ['GetLogGroupFields', { logGroupName: 'g000000' }],
      ['DescribeMetricFilters', { filterNamePrefix: 'x' }],
      ['StartQuery', { logGroupName: 'g000000', startTime: 0, endTime: NOW, queryString: 'stats count(*)' }],
    ]);
    const deleted = await longestTurn(() => call('DeleteLogGroup', { logGroupName: 'g000000' }));
    const atOnce = await longestTurn(() =>
      store.transaction(() => {
        for (let index = 0; index < COUNT; index++) others.delete(SCOPE, `g000001:${nameOf('s', index)}`);
      }),
    );
    assert.ok(deleted < SHARE * atOnce, `DeleteLogGroup: ${deleted.toFixed(1)} of ${atOnce.toFixed(1)} ms`);
    await logs.stop();
  });
});

describe('SNS', () => {
  it('topics, subscriptions, and those that wait to be confirmed', async (test) => {
    const directory = mkdtempSync(join(tmpdir(), 'millpond-lists-'));
    test.after(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, 'state.sqlite');
    const filled = openStore(file);
    const topic = (name: string) => ({ name, attributes: {}, tags: {}, deletedSubscriptions: 0 });
    fill(filled, 'sns/topic', SCOPE, (index) => [nameOf('t', index), topic(nameOf('t', index))], COUNT - 1);
    const subscription = (id: string) => ({
      ...{ id, topicName: 't000000', protocol: 'email', endpoint: `${id}@example.com` },
      ...{ attributes: {}, wasAuthenticated: false, pending: { token: 'ab'.repeat(100), since: NOW } },
    });
    fill(filled, 'sns/subscription', SCOPE, (index) => {
      const id = nameOf('s', index);
      return [`t000000:${id}`, subscription(id)];
    });
    filled.close();
    const store = openStore(file);
    // Its indexes are made when it opens.
    const { service } = createSns({
      ...{ store, clock, log: silentLog, lambda: {} as LambdaClient, sqs: {} as SqsClient },
      baseUrl: () => 'http://127.0.0.1:1',
    });
    const call = caller(service);
    const rows = store.prepare("SELECT value FROM documents WHERE kind = 'sns/subscription'");
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t000000';
    const Endpoint = `${nameOf('s', 1)}@example.com`;
    const baseline = await compare(call, () => rows.all().map(({ value }) => JSON.parse(String(value))), [
      ['ListTopics', {}],
      ['CreateTopic', { Name: 'another' }],
      ['ListSubscriptions', {}],
      ['ListSubscriptionsByTopic', { TopicArn }],
      ['GetTopicAttributes', { TopicArn }],
      ['Subscribe', { TopicArn, Protocol: 'email', Endpoint }],
    ]);
    const deleted = await longestTurn(() => call('DeleteTopic', { TopicArn }));
    const told = `DeleteTopic: ${deleted.toFixed(1)} of ${baseline.toFixed(1)} ms`;
    assert.ok(deleted < Math.max(SHARE * baseline, 3 * (await bestTurn(pausing))), told);
    assert.deepEqual(rows.all(), []);
    store.close();
  });
});
