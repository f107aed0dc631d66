// Both sources of any Redis, with a real cluster: through a failover and a resharding.

import assert from 'node:assert/strict';
import { before, it, type TestContext } from 'node:test';
import { Cluster } from 'ioredis';
import { migrateSlots } from '../../engine/resharding/index.ts';
import { moveOf, slotOf } from '../../engine/resharding/testing/inspect.ts';
import { CREDENTIALS } from '../../engine/resharding/testing/test-admin.ts';
import {
  installedServers,
  startTestCluster,
  type TestCluster,
} from '../../engine/resharding/testing/test-cluster.ts';
import { silentLog } from '../../kernel/log.ts';
import { slotOfKey } from '../key-slot.ts';
import { createKeyspaceSource } from '../keyspace/keyspace-source.ts';
import { createStreamSource } from '../stream/stream-source.ts';
import { eventually, fieldsOf, Reading } from './redis.fixture.ts';
import { type RedisServer, readServer } from './redis-server.ts';

const LOGIN = `${CREDENTIALS.user}:${CREDENTIALS.password}`;

async function start(test: TestContext, server: string) {
  const cluster = await startTestCluster({
    ...{ server, slots: [[[0, 8_191]], [[8_192, 16_383]], []], replicasPerShard: 1 },
    directives: { 'notify-keyspace-events': 'EA' },
  });
  test.after(() => cluster.stop());
  const client = new Cluster([{ host: cluster.members[1]![0]!.address, port: 6379 }]);
  test.after(() => client.disconnect());
  const urls = cluster.members.map(([primary]) => `redis://${LOGIN}@${primary!.address}:6379`);
  return { cluster, client, redis: { urls, isCluster: true } satisfies RedisServer };
}

/** Kills the primary of a shard, and makes its replica the primary. */
async function failOver(cluster: TestCluster, shard: number): Promise<void> {
  const [primary, replica] = cluster.members[shard]! as [never, never];
  await cluster.kill(primary);
  const { admin } = replica as TestCluster['nodes'][number];
  await admin.send('CLUSTER', 'FAILOVER', 'TAKEOVER');
  await eventually(async () => /role:master/.test(String(await admin.send('INFO', 'replication'))));
}

async function move(cluster: TestCluster, from: number, to: number, first: number, last: number) {
  const moves = [moveOf(from, to, first, last)];
  await migrateSlots({ moves, shards: await cluster.shards(), credentials: CREDENTIALS });
}

const SERVERS = await installedServers();

before(() => assert.ok(SERVERS.length > 0));

for (const server of SERVERS) {
  it(`${server}: a stream is read through a failover and a move to another shard`, async (context) => {
    const { cluster, client, redis } = await start(context, server);
    const name = 'changes';
    const source = createStreamSource({
      source: {
        ...{ kind: 'stream', streams: [name], group: 'feed', consumer: 'one', claimAfterMs: 60_000 },
        ...{ server: { url: redis.urls[0]!, isCluster: true }, start: 'all' },
      },
      ...{ cache: 'outside', server: async () => readServer(redis), log: silentLog },
    });
    const reading = new Reading(context, source);
    const add = async (n: number) => {
      // The client may meet the failover, too.
      await eventually(() => client.xadd(name, '*', 'n', String(n)).then(Boolean, () => false));
    };
    const shard = slotOf(name) < 8_192 ? 0 : 1;
    await add(1);
    await reading.count(1);
    await untilReplicated(cluster, shard);
    await failOver(cluster, shard);
    await add(2);
    await reading.until((changes) => changes.some((one) => fieldsOf(one).n === '2'));
    await move(cluster, shard, 2, slotOf(name), slotOf(name));
    await add(3);
    await reading.until((changes) => changes.some((one) => fieldsOf(one).n === '3'));
    const seen = new Set(reading.changes.map((one) => fieldsOf(one).n));
    assert.deepEqual([...seen], ['1', '2', '3']);
    const sequences = reading.changes.map(({ sequence }) => BigInt(sequence));
    assert.deepEqual(
      [...new Set(sequences)],
      [...new Set(sequences)].sort((one, other) => (one < other ? -1 : 1)),
    );
  });

  it(`${server}: notifications are read from all shards, through a failover and to a new shard`, async (context) => {
    const { cluster, client, redis } = await start(context, server);
    const source = createKeyspaceSource({
      source: {
        ...{ kind: 'keyspace', pattern: '__key*__:*', database: 0 },
        server: { url: redis.urls[0]!, isCluster: true },
      },
      ...{ value: 'after', cache: 'outside', server: async () => readServer(redis), log: silentLog },
    });
    const reading = new Reading(context, source);
    const first = reading.count(1);
    await eventually(() => source.isSubscribed);
    const set = (key: string, value: string) =>
      eventually(() => client.set(key, value).then(Boolean, () => false));
    const names = Array.from({ length: 50 }, (_, index) => `key${index}`);
    for (const name of names) await set(name, 'first');
    await first;
    const valuesOf = (value: string) =>
      new Set(
        reading.changes
          .filter((one) => one.value?.type === 'string' && String(one.value.value) === value)
          .map(({ key }) => String(key)),
      );
    await reading.until(() => valuesOf('first').size === names.length);

    await untilReplicated(cluster, 0);
    await failOver(cluster, 0);
    const promoted = cluster.members[0]![1]!.address;
    const isSubscribedTo = (address: string) =>
      source.lag().states.some((state) => state.startsWith(`reads notifications of ${address}:`));
    await eventually(() => isSubscribedTo(promoted));
    for (const name of names) await set(name, 'second');
    await reading.until(() => valuesOf('second').size === names.length);

    // A key that moves is reported by `del` where it was, and is still there.
    const deletes = () => reading.changes.filter(({ kind }) => kind === 'delete').length;
    await move(cluster, 1, 2, 8_192, 16_383);
    for (const name of names) await set(name, 'third');
    await reading.until(() => valuesOf('third').size === names.length);
    assert.equal(deletes(), 0);
    await client.del('key7');
    await reading.until(() => deletes() === 1);
    assert.match(source.lag().states.join('\n'), /interruptions/);
  });
}

/** The replica has what its primary has. */
async function untilReplicated(cluster: TestCluster, shard: number): Promise<void> {
  const [primary, replica] = cluster.members[shard]!;
  const offset = async (admin: { observe(): Promise<{ offset: number }> }) => (await admin.observe()).offset;
  const wanted = await offset(primary!.admin);
  await eventually(async () => (await offset(replica!.admin)) >= wanted);
}

it('the slot of a key is that of its hash tag', () => {
  for (const key of ['', 'a', 'cart:1', '{user}:1', '{}x', '{x', 'a{b}{c}', '}{', 'é']) {
    assert.equal(slotOfKey(Buffer.from(key)), slotOf(key), key);
  }
});
