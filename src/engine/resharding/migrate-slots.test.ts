import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type MigrationOptions, migrateSlots } from './index.ts';
import type { SlotMove } from './shards.ts';
import { fill, startLoad } from './testing/live-load.ts';
import { CREDENTIALS, startTestCluster, TestCluster } from './testing/test-cluster.ts';

const clusters: TestCluster[] = [];
after(() => Promise.all(clusters.map((cluster) => cluster.stop())));

async function start(...args: Parameters<typeof startTestCluster>): Promise<TestCluster> {
  const cluster = await startTestCluster(...args);
  clusters.push(cluster);
  return cluster;
}

const id = TestCluster.shardId;
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function migrate(cluster: TestCluster, moves: SlotMove[], options: Partial<MigrationOptions> = {}) {
  return migrateSlots({ moves, shards: await cluster.shards(), credentials: CREDENTIALS, ...options });
}

/** Slots by shard as every node sees them; throws when two nodes differ or a slot is open. */
async function agreedSlots(cluster: TestCluster): Promise<number[]> {
  const { parseClusterView } = await import('./cluster-view.ts');
  const alive = cluster.nodes.filter((node) => node.process.exitCode === null && !node.process.signalCode);
  const views = await Promise.all(
    alive.map(async (node) => parseClusterView(String(await node.admin.send('CLUSTER', 'NODES')))),
  );
  for (const view of views) {
    assert.equal(view.migrating.size + view.importing.size, 0, 'no slot is open');
    assert.equal(view.owners.size, 16_384);
    assert.deepEqual([...view.owners].sort(), [...views[0]!.owners].sort(), 'all nodes agree');
  }
  return cluster.members.map(
    (members) =>
      [...views[0]!.owners.values()].filter((owner) => members.some((node) => node.id === owner)).length,
  );
}

async function keysOn(cluster: TestCluster): Promise<number> {
  const shards = await cluster.shards();
  const sizes = await Promise.all([...shards.values()].map(({ primary }) => primary.admin.send('DBSIZE')));
  return sizes.reduce<number>((sum, size) => sum + Number(size), 0);
}

test('1 to 3 to 2 under a live client: nothing fails, nothing is lost or doubled', async () => {
  const cluster = await start({ slots: [[[0, 16_383]], [], []], replicasPerShard: 1 });
  const nodes = [{ host: cluster.members[0]![0]!.address, port: 6379 }];
  const load = { nodes, keys: 20_000, concurrency: 8, initial: (key: string) => `first ${key}` };
  await cluster.members[0]![0]!.admin.send(
    'FUNCTION',
    'LOAD',
    "#!lua name=mylib\nredis.register_function('answer', function() return 42 end)",
  );
  await fill(load);
  const live = startLoad(load);
  const progress: [number, number][] = [];
  const out = await migrate(
    cluster,
    [
      { from: id(0), to: id(1), slots: range(0, 5_460) },
      { from: id(0), to: id(2), slots: range(5_461, 10_921) },
    ],
    { onProgress: (slots, keys) => progress.push([slots, keys]) },
  );
  assert.deepEqual(
    { slots: out.movedSlots, refused: out.refused, stopped: out.stopped },
    { slots: 10_922, refused: [], stopped: false },
  );
  assert.deepEqual(progress.at(-1), [out.movedSlots, out.movedKeys]);
  assert.deepEqual(await agreedSlots(cluster), [5_462, 5_461, 5_461]);
  assert.equal(await cluster.members[2]![0]!.admin.send('FCALL', 'answer', 0), 42);

  const back = await migrate(cluster, [
    { from: id(2), to: id(0), slots: range(5_461, 8_190) },
    { from: id(2), to: id(1), slots: range(8_191, 10_921) },
  ]);
  assert.equal(back.movedSlots, 5_461);
  const report = await live.stop();
  assert.deepEqual(report.failures, []);
  assert.equal(report.failed + report.wrong, 0);
  assert.ok(report.operations > 500);
  assert.deepEqual(await agreedSlots(cluster), [8_192, 8_192, 0]);
  assert.equal(await keysOn(cluster), load.keys);
});
