// The source of keyspace notifications, with a real engine.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import type { Change } from '../change.ts';
import type { FollowedNode } from '../feeds.ts';
import { eventually, fieldsOf, Reading, startRedis } from '../redis/redis.fixture.ts';
import { readServer, serverOfNodes } from '../redis/redis-server.ts';
import { createKeyspaceSource, type KeyspaceSourceOptions } from './keyspace-source.ts';

function read(test: TestContext, redis: { url: string }, options: Partial<KeyspaceSourceOptions> = {}) {
  const source = createKeyspaceSource({
    source: {
      ...{ kind: 'keyspace', pattern: '__key*__:*', database: 0 },
      server: { url: redis.url, isCluster: false },
    },
    ...{ value: 'after', cache: 'outside', log: silentLog },
    server: async () => readServer({ urls: [redis.url], isCluster: false }),
    ...options,
  });
  const reading = new Reading(test, source);
  return { source, reading };
}

const shown = ({ key, kind, command, value }: Change) => [
  String(key),
  kind,
  String(command![0]),
  value?.type,
];

it('changes carry the event and the state of their key, of every type', async (context) => {
  const redis = await startRedis(context, '--notify-keyspace-events', 'EA');
  const { client } = redis;
  const { source, reading } = read(context, redis);
  const first = reading.count(1);
  await eventually(() => source.isSubscribed);
  await client.hset('person1', { firstName: 'John', lastName: 'Smith' });
  await first;
  assert.deepEqual(reading.changes.map(shown), [['person1', 'write', 'HSET', 'hash']]);
  assert.deepEqual(fieldsOf(reading.changes[0]!), { firstName: 'John', lastName: 'Smith' });

  const commands: [string, ...string[]][] = [
    ['SET', 'string', 'x'],
    ['RPUSH', 'list', 'a', 'b'],
    ['SADD', 'set', 'a'],
    ['ZADD', 'zset', '1.5', 'a', 'inf', 'b'],
    ['XADD', 'stream', '1-1', 'f', 'v'],
    ['DEL', 'person1'],
  ];
  for (const [name, ...rest] of commands) {
    const count = reading.changes.length + 1;
    await client.call(name, ...rest);
    await reading.count(count);
  }
  const values = Object.fromEntries(reading.changes.slice(1).map((one) => [String(one.key), one.value]));
  const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
  assert.deepEqual(values, {
    string: { type: 'string', value: Buffer.from('x') },
    list: { type: 'list', elements: bytes('a', 'b') },
    set: { type: 'set', members: bytes('a') },
    zset: {
      type: 'zset',
      members: [
        [Buffer.from('a'), 1.5],
        [Buffer.from('b'), Number.POSITIVE_INFINITY],
      ],
    },
    stream: { type: 'stream', entries: [{ id: '1-1', fields: bytes('f', 'v') }] },
    person1: { type: 'none' },
  });
  const sequences = reading.changes.map(({ sequence }) => BigInt(sequence));
  assert.deepEqual(
    sequences,
    sequences.toSorted((one, other) => (one < other ? -1 : 1)),
  );
  assert.equal(source.lag().changes, 0);
});

it('changes of one key that follow each other quickly are one for each event; other databases are left out', async (context) => {
  const redis = await startRedis(context, '--notify-keyspace-events', 'AKE');
  const { source, reading } = read(context, redis);
  const first = reading.count(1);
  await eventually(() => source.isSubscribed);
  await redis.client
    .multi()
    .hset('a', 'n', '1')
    .del('a')
    .hset('a', 'n', '2')
    .expire('a', 1000)
    .select(1)
    .set('elsewhere', '1')
    .select(0)
    .exec();
  await first;
  await redis.client.set('last', 'x');
  const isLast = (changes: readonly Change[]) => changes.some(({ key }) => String(key) === 'last');
  const changes = await reading.until(isLast);
  // The engine sends them in one go, but they may arrive in two.
  const events = changes.filter(({ key }) => String(key) === 'a');
  assert.deepEqual(
    events.map(({ kind }) => kind),
    events.map(() => 'write'),
  );
  assert.equal(String(events.at(-1)!.command![0]), 'EXPIRE');
  assert.deepEqual(fieldsOf(events.at(-1)!), { n: '2' });
  assert.ok(!changes.some(({ key }) => String(key) === 'elsewhere'));
});

it('without values the events say what happened, expiries included', async (context) => {
  const redis = await startRedis(context, '--notify-keyspace-events', 'EA');
  const { source, reading } = read(context, redis, { value: 'none' });
  const first = reading.count(2);
  await eventually(() => source.isSubscribed);
  await redis.client.set('a', '1', 'PX', 1);
  await first;
  await eventually(async () => (await redis.client.exists('a')) === 0);
  await reading.until((changes) => changes.some(({ kind }) => kind === 'delete'));
  assert.deepEqual(shown(reading.changes.at(-1)!), ['a', 'delete', 'EXPIRED', undefined]);
});

it('a server that reports nothing is shown with the parameter to set, and is read once it is set', async (context) => {
  const redis = await startRedis(context);
  const { source, reading } = read(context, redis);
  const first = reading.count(1);
  await eventually(() => /notify-keyspace-events is ''/.test(source.lag().states[0]!));
  assert.match(source.lag().states[0]!, /set it to EA or more, in ElastiCache in the parameter group$/);
  await redis.client.config('SET', 'notify-keyspace-events', 'EA');
  await redis.client.set('a', '1');
  assert.deepEqual(shown((await first)[0]!), ['a', 'write', 'SET', 'string']);
  await eventually(() => /^reads notifications of /.test(source.lag().states[0]!));
});

it('a server that is killed and comes back is read again, and the interruption is shown', async (context) => {
  const redis = await startRedis(context, '--notify-keyspace-events', 'EA');
  const { source, reading } = read(context, redis);
  const first = reading.count(1);
  await eventually(() => source.isSubscribed);
  await redis.kill();
  await eventually(() => !source.isSubscribed);
  await redis.restart();
  await eventually(() => source.isSubscribed);
  await redis.client.set('a', '1');
  assert.deepEqual(shown((await first)[0]!), ['a', 'write', 'SET', 'string']);
  assert.match(source.lag().states.at(-1)!, /^1 interruptions, the last at /);
});

it('keys wait for their state while it cannot be read; what finds no room is counted', async (context) => {
  const redis = await startRedis(context, '--notify-keyspace-events', 'EA');
  const { source, reading } = read(context, redis, { bounds: { keys: 3, bytes: 10_000 } });
  const first = reading.count(1);
  await eventually(() => source.isSubscribed);
  const { client } = redis;
  await client.acl('SETUSER', 'default', '-get');
  await client.set('a', '1');
  await eventually(() =>
    source.lag().states.some((state) => /waits for the state of keys: NOPERM/.test(state)),
  );
  for (let index = 0; index < 10; index++) await client.set(`more${index}`, '1');
  await eventually(() => source.lag().states.some((state) => /^\d+ notifications found no room/.test(state)));
  assert.ok(source.lag().changes <= 4);
  await client.acl('SETUSER', 'default', '+get');
  assert.equal(String((await first)[0]!.key), 'a');
});

it('a cache of Millpond is read at its own sockets, by the names that commands have there', async (context) => {
  const names = ['--rename-command', 'CONFIG', 'SECRET-CONFIG'];
  const redis = await startRedis(context, '--unixsocket', 'engine.sock', ...names);
  const node: FollowedNode = {
    ...{ id: 'shop-001', role: 'primary', isServing: true, username: 'default', password: '' },
    socket: join(redis.directory, 'engine.sock'),
    commandNames: { config: 'SECRET-CONFIG' },
  };
  let nodes: FollowedNode[] = [];
  const { source, reading } = read(context, redis, {
    source: { kind: 'keyspace', server: { cache: 'shop' }, pattern: '__key*__:*', database: 3 },
    server: async () => serverOfNodes([{ id: '0001', slots: [[0, 16_383]], nodes }]),
  });
  const first = reading.count(1);
  await eventually(() => /No primary of the cache serves now/.test(source.lag().states[0]!));
  nodes = [node, { ...node, id: 'shop-002', role: 'replica' }];
  await source.ready;
  await eventually(() => /^shop-001: notify-keyspace-events is ''/.test(source.lag().states[0]!));
  await redis.client.call('SECRET-CONFIG', 'SET', 'notify-keyspace-events', 'EA');
  await redis.client.select(3);
  await redis.client.hset('a', 'n', '1');
  assert.deepEqual(fieldsOf((await first)[0]!), { n: '1' });
  assert.equal(reading.changes[0]!.database, 3);
});
