// The source of streams, with a real engine.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { eventually, fieldsOf, Reading, startRedis, type TestRedis } from '../redis/redis.fixture.ts';
import { readServer } from '../redis/redis-server.ts';
import { createStreamSource } from './stream-source.ts';

type Options = Partial<Parameters<typeof createStreamSource>[0]['source']>;

function read(test: TestContext, redis: { url: string }, options: Options = {}): Reading {
  const source = createStreamSource({
    source: {
      ...{ kind: 'stream', streams: ['changes'], group: 'feed', consumer: 'one', claimAfterMs: 60_000 },
      ...{ server: { url: redis.url, isCluster: false }, start: 'all' },
      ...options,
    },
    cache: 'outside',
    server: async () => readServer({ urls: [redis.url], isCluster: false }),
    log: silentLog,
  });
  return new Reading(test, source);
}

const add = async (redis: TestRedis, ...fields: string[]) =>
  (await redis.client.call('XADD', 'changes', '*', ...fields)) as string;

const pending = async (redis: TestRedis) =>
  Number(((await redis.client.call('XPENDING', 'changes', 'feed')) as [number])[0]);

it('entries become changes of their keys, in order, and are acknowledged', async (context) => {
  const redis = await startRedis(context);
  const id = await add(redis, 'key', 'cart:1', 'total', '5');
  await add(redis, 'key', 'cart:1', 'kind', 'delete');
  await add(redis, 'plain', 'x');
  const reading = read(context, redis);
  const [first, second, third] = await reading.count(3);
  const [ms, sequence] = id.split('-');
  assert.equal(first!.sequence, `${ms}${sequence!.padStart(20, '0')}`);
  assert.deepEqual([first!.cache, first!.kind, String(first!.key)], ['outside', 'write', 'cart:1']);
  assert.deepEqual(fieldsOf(first!), { total: '5' });
  assert.deepEqual(first!.command?.map(String), ['XADD', 'changes', id, 'key', 'cart:1', 'total', '5']);
  assert.deepEqual([second!.kind, second!.value], ['delete', { type: 'none' }]);
  assert.deepEqual([String(third!.key), third!.kind, fieldsOf(third!)], ['changes', 'write', { plain: 'x' }]);
  assert.ok(BigInt(first!.sequence) < BigInt(second!.sequence));
  await eventually(async () => (await pending(redis)) === 0);
  // While it waits for more.
  const more = reading.count(4);
  await add(redis, 'later', 'y');
  assert.deepEqual(fieldsOf((await more)[3]!), { later: 'y' });
});

it('what was not acknowledged comes again after a restart, with the number of its deliveries', async (context) => {
  const redis = await startRedis(context);
  const first = read(context, redis);
  first.acknowledges = false;
  const waiting = first.count(1);
  await add(redis, 'n', '1');
  await waiting;
  await add(redis, 'n', '2');
  await first.count(2);
  first.batches[1]!.acknowledge();
  await eventually(async () => (await pending(redis)) === 1);
  assert.equal(first.source.lag().changes, 1);
  await first.source.close();

  const second = read(context, redis);
  const [again] = await second.count(1);
  assert.deepEqual([fieldsOf(again!), again!.deliveredBefore], [{ n: '1' }, 1]);
  assert.equal(again!.sequence, first.changes[0]!.sequence);
});

it('the engine may be killed and come back: every entry arrives, and a lost acknowledgement is sent again', async (context) => {
  const redis = await startRedis(context);
  const reading = read(context, redis);
  reading.acknowledges = false;
  await add(redis, 'n', '1');
  await reading.count(1);
  await redis.kill();
  reading.batches[0]!.acknowledge();
  const waiting = reading.count(2);
  await eventually(() => /^waits for changes: /.test(reading.source.lag().states[0]!));
  await redis.restart();
  await add(redis, 'n', '2');
  const changes = await waiting;
  assert.deepEqual(changes.map(fieldsOf), [{ n: '1' }, { n: '2' }]);
  reading.batches[1]!.acknowledge();
  await eventually(async () => (await pending(redis)) === 0);
});

it('entries of a consumer that died are claimed', async (context) => {
  const redis = await startRedis(context);
  const dead = read(context, redis, { consumer: 'dead' });
  dead.acknowledges = false;
  await add(redis, 'n', '1');
  await dead.count(1);
  await dead.source.close();
  const heir = read(context, redis, { consumer: 'heir', claimAfterMs: 600 });
  const [claimed] = await heir.count(1);
  assert.deepEqual([fieldsOf(claimed!), claimed!.deliveredBefore], [{ n: '1' }, 1]);
});

it('an entry in delivery is kept by its consumer, and not read twice', async (context) => {
  const redis = await startRedis(context);
  // Both would take what is idle for 600 ms; the first shows every 200 ms that it lives.
  const first = read(context, redis, { consumer: 'first', claimAfterMs: 600 });
  first.acknowledges = false;
  await add(redis, 'n', '1');
  await first.count(1);
  const second = read(context, redis, { consumer: 'second', claimAfterMs: 600 });
  const idle = async () => {
    const reply = await redis.client.call('XPENDING', 'changes', 'feed', '-', '+', '1');
    return Number((reply as [string, string, number][])[0]![2]);
  };
  // Several beats pass.
  let [beats, last] = [0, 0];
  const reads = second.count(1);
  await eventually(async () => {
    const now = await idle();
    if (now < last) beats++;
    last = now;
    return beats === 6;
  });
  assert.equal(second.changes.length, 0);
  assert.equal(first.changes.length, 1);
  await add(redis, 'n', '2');
  await Promise.race([reads, first.count(2)]);
  assert.equal(first.changes.length + second.changes.length, 2);
});

it('a group that is destroyed is made again and goes on after the last entry that was read', async (context) => {
  const redis = await startRedis(context);
  const reading = read(context, redis);
  await add(redis, 'n', '1');
  await reading.count(1);
  await redis.client.call('XGROUP', 'DESTROY', 'changes', 'feed');
  await add(redis, 'n', '2');
  assert.deepEqual((await reading.count(2)).map(fieldsOf), [{ n: '1' }, { n: '2' }]);
  await redis.client.del('changes');
  await add(redis, 'n', '3');
  assert.deepEqual(fieldsOf((await reading.count(3))[2]!), { n: '3' });
});

it('entries that were deleted while they waited are passed over, and shown', async (context) => {
  const redis = await startRedis(context);
  const first = read(context, redis);
  first.acknowledges = false;
  const id = await add(redis, 'n', '1');
  await add(redis, 'n', '2');
  await first.count(2);
  await first.source.close();
  await redis.client.call('XDEL', 'changes', id);
  const second = read(context, redis);
  assert.deepEqual((await second.count(1)).map(fieldsOf), [{ n: '2' }]);
  assert.match(second.source.lag().states[0]!, /1 entries were deleted before they were read/);
  await eventually(async () => (await pending(redis)) === 0);
});

it('a password is used, and a wrong one is shown without it', async (context) => {
  const redis = await startRedis(context, '--requirepass', 'p@ss');
  await add(redis, 'n', '1');
  const url = redis.url.replace('//', '//:p%40ss@');
  assert.equal((await read(context, { url }).count(1)).length, 1);
  const wrong = read(context, { url: redis.url.replace('//', '//:secret@') }, { group: 'other' });
  void wrong.count(1).catch(() => {});
  await eventually(() => /WRONGPASS/.test(wrong.source.lag().states[0]!));
  assert.doesNotMatch(wrong.source.lag().states[0]!, /secret/);
  await assert.rejects(read(context, { url: 'http://host' }).count(1), { code: 'InvalidOption' });
});
