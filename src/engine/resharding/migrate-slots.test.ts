import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type MigrationOptions, migrateSlots, offersAtomicMigration } from './index.ts';
import type { SlotMove } from './shards.ts';
import { agreedSlots, keysOn, moveOf, slotOf } from './testing/inspect.ts';
import { fill, startLoad } from './testing/live-load.ts';
import { CREDENTIALS } from './testing/test-admin.ts';
import { installedServers, startTestCluster, TestCluster } from './testing/test-cluster.ts';

const clusters: TestCluster[] = [];
after(() => Promise.all(clusters.map((cluster) => cluster.stop())));

async function start(...args: Parameters<typeof startTestCluster>): Promise<TestCluster> {
  const cluster = await startTestCluster(...args);
  clusters.push(cluster);
  return cluster;
}

const id = TestCluster.shardId;
async function migrate(cluster: TestCluster, moves: SlotMove[], options: Partial<MigrationOptions> = {}) {
  return migrateSlots({ moves, shards: await cluster.shards(), credentials: CREDENTIALS, ...options });
}

for (const server of await installedServers()) {
  test(`${server}: resharding 1 to 3 to 2 under a live client fails, loses and doubles nothing`, () =>
    scaleOutAndIn(server));
}

async function scaleOutAndIn(server: string): Promise<void> {
  const cluster = await start({ slots: [[[0, 16_383]], [], []], replicasPerShard: 1, server });
  const nodes = [{ host: cluster.members[0]![0]!.address, port: 6379 }];
  const load = { nodes, keys: 20_000, concurrency: 8, initial: (key: string) => `first ${key}` };
  await cluster.members[0]![0]!.admin.send(
    'FUNCTION',
    'LOAD',
    "#!lua name=mylib\nredis.register_function('answer', function() return 42 end)",
  );
  await fill(load);
  // Paced: at full speed the load would slow the migration on a busy machine.
  const live = startLoad({ ...load, operationsPerSecond: 500 });
  const progress: [number, number][] = [];
  const out = await migrate(cluster, [moveOf(0, 1, 0, 5_460), moveOf(0, 2, 5_461, 10_921)], {
    onProgress: (slots, keys) => progress.push([slots, keys]),
  });
  assert.deepEqual(
    { slots: out.movedSlots, refused: out.refused, stopped: out.stopped },
    { slots: 10_922, refused: [], stopped: false },
  );
  assert.deepEqual(progress.at(-1), [out.movedSlots, out.movedKeys]);
  assert.deepEqual(await agreedSlots(cluster), [5_462, 5_461, 5_461]);
  assert.equal(await cluster.members[2]![0]!.admin.send('FCALL', 'answer', 0), 42);

  const back = await migrate(cluster, [moveOf(2, 0, 5_461, 8_190), moveOf(2, 1, 8_191, 10_921)]);
  assert.equal(back.movedSlots, 5_461);
  const report = await live.stop();
  assert.deepEqual(report.failures, []);
  assert.equal(report.failed + report.wrong, 0);
  assert.ok(report.operations > 10 * load.concurrency, `${report.operations} operations`);
  assert.deepEqual(await agreedSlots(cluster), [8_192, 8_192, 0]);
  assert.equal(typeof (await offersAtomicMigration(cluster.members[0]![0]!.admin)), 'boolean');
  assert.equal(await keysOn(cluster), load.keys);
}

test('binary, big and many keys move; keys above the limit stay', async () => {
  const cluster = await start({ slots: [[[0, 16_383]], []], replicasPerShard: 0 });
  const [from, to] = [cluster.members[0]![0]!.admin, cluster.members[1]![0]!.admin];
  const binary = Buffer.from([0x7b, 0x61, 0x7d, 0xff, 0x00, 0xfe, 0x0a, 0x80]); // {a} and what is no UTF-8
  const slot = slotOf('a');
  await from.send('SET', binary, binary);
  await from.sendAll(Array.from({ length: 3_000 }, (_, i) => ['SET', `{a}${i}`, i, 'PX', 600_000]));
  await from.send('SET', '{b}big', Buffer.alloc(3_000_000, 1));
  await from.send('SET', '{c}too big', Buffer.alloc(9_000_000, 1));
  const moves = [{ from: id(0), to: id(1), slots: [slot, slotOf('b'), slotOf('c')] }];
  const out = await migrate(cluster, moves, { limits: { maxKeyBytes: 8_000_000 } });
  assert.equal(out.movedSlots, 2);
  assert.equal(out.movedKeys, 3_002);
  assert.deepEqual(
    out.refused.map(({ slot, reason }) => ({ slot, reason })),
    [{ slot: slotOf('c'), reason: 'KeyTooBig' }],
  );
  assert.match(out.refused[0]!.detail, /at most 8000000 can be moved/);
  assert.deepEqual(await agreedSlots(cluster), [16_382, 2]);
  assert.equal(await from.send('STRLEN', '{c}too big'), 9_000_000);
  const [value] = await to.sendAll([['GET', binary]], { binary: true });
  assert.deepEqual(value, binary);
  assert.ok(Number(await to.send('PTTL', '{a}7')) > 500_000, 'a key keeps its time to live');
  assert.equal(await to.send('CLUSTER', 'COUNTKEYSINSLOT', slot), 3_001);

  await to.send('CONFIG', 'SET', 'maxmemory', '4mb');
  const full = await migrate(cluster, [{ ...moves[0]!, slots: [slotOf('c')] }]);
  assert.equal(full.refused[0]!.reason, 'TargetFull');
  assert.deepEqual(await agreedSlots(cluster), [16_382, 2]);
});

test('a stopped or aborted migration can be continued', async () => {
  const cluster = await start({ slots: [[[0, 16_383]], []], replicasPerShard: 1 });
  const nodes = [{ host: cluster.members[0]![0]!.address, port: 6379 }];
  await fill({ nodes, keys: 5_000, initial: (key) => key });
  const moves = [moveOf(0, 1, 0, 8_191)];
  let seen = 0;
  const stopped = await migrate(cluster, moves, {
    onProgress: (slots) => {
      seen = slots;
    },
    shouldStop: () => seen > 1_000,
  });
  assert.equal(stopped.stopped, true);
  const [, moved] = await agreedSlots(cluster);
  assert.equal(moved, stopped.movedSlots);

  const abort = new AbortController();
  const broken = migrate(cluster, moves, {
    signal: abort.signal,
    onProgress: (slots) => {
      if (slots > 3_000) abort.abort(new Error('enough'));
    },
  });
  await assert.rejects(broken, /enough/);
  const rest = await migrate(cluster, moves);
  assert.equal(rest.movedSlots, 8_192);
  assert.deepEqual(await agreedSlots(cluster), [8_192, 8_192]);
  assert.equal(await keysOn(cluster), 5_000);
  assert.equal((await migrate(cluster, moves)).movedKeys, 0);
});
