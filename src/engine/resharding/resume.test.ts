import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MigrationInterrupted, migrateSlots, type SlotMove, takeOverShard } from './index.ts';
import type { Doom } from './testing/doomed-migration.ts';
import { agreedSlots, keysOn, moveOf } from './testing/inspect.ts';
import { fill, startLoad } from './testing/live-load.ts';
import { CREDENTIALS } from './testing/test-admin.ts';
import { startTestCluster, type TestCluster, type TestNode } from './testing/test-cluster.ts';

const KEYS = 6_000;
const clusters: TestCluster[] = [];
after(() => Promise.all(clusters.map((cluster) => cluster.stop())));

async function start(slots: [number, number][][], replicasPerShard: number): Promise<TestCluster> {
  const cluster = await startTestCluster({ slots, replicasPerShard });
  clusters.push(cluster);
  await fill({ nodes: nodesOf(cluster), keys: KEYS, initial });
  return cluster;
}

const initial = (key: string): string => `first ${key}`;
const nodesOf = (cluster: TestCluster) => [{ host: cluster.members[0]![0]!.address, port: 6379 }];

const migrate = async (cluster: TestCluster, moves: SlotMove[]) =>
  migrateSlots({ moves, shards: await cluster.shards(), credentials: CREDENTIALS });

/** True when the migration finished before it was killed. */
async function runDoomed(
  cluster: TestCluster,
  moves: SlotMove[],
  atTrip: number,
  when: Doom['when'],
): Promise<boolean> {
  const addressOf = (admin: unknown) => cluster.nodes.find((node) => node.admin === admin)!.address;
  const shards = [...(await cluster.shards())].map(([id, { primary, replicas, nodeIds }]) => ({
    id,
    primary: { address: primary.address, nodeId: primary.nodeId },
    replicas: replicas.map(({ admin }) => addressOf(admin)),
    nodeIds: [...nodeIds],
  }));
  const doom: Doom = { shards, moves, atTrip, when };
  const program = fileURLToPath(new URL('./testing/doomed-migration.ts', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(doom)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = await once(child, 'exit');
  assert.ok(code === 0 || signal === 'SIGKILL', `the migration ended with ${code ?? signal}`);
  return code === 0;
}

test('a migration killed at any step and repeated ends as if it had never been killed', async () => {
  const cluster = await start([[[0, 16_383]], [], []], 1);
  const live = startLoad({ nodes: nodesOf(cluster), keys: KEYS, concurrency: 4, initial });
  const random = seeded(7);
  const out = [moveOf(0, 1, 0, 1_999), moveOf(0, 2, 8_000, 9_999)];
  const back = [moveOf(1, 0, 0, 999), moveOf(2, 1, 8_000, 8_999)];
  let kills = 0;
  for (const moves of [out, back]) {
    for (let attempt = 0; attempt < 8; attempt++) {
      const atTrip = 1 + Math.floor(random() * 500);
      const finished = await runDoomed(cluster, moves, atTrip, random() < 0.5 ? 'before' : 'after');
      if (finished) break;
      kills++;
    }
    assert.equal(
      (await migrate(cluster, moves)).movedSlots,
      moves.reduce((n, { slots }) => n + slots.length, 0),
    );
  }
  assert.ok(kills >= 6, `${kills} kills`);
  const report = await live.stop();
  assert.deepEqual(report.failures, []);
  assert.equal(report.failed + report.wrong, 0);
  assert.deepEqual(await agreedSlots(cluster), [16_384 - 3_000, 2_000, 1_000]);
  assert.equal(await keysOn(cluster), KEYS);
});

for (const victim of ['target', 'source'] as const) {
  test(`the ${victim}'s primary dies midway: its replica takes over, clients never read a wrong value`, async () => {
    const cluster = await start([[[0, 16_383]], []], 1);
    const moves = [moveOf(0, 1, 0, 8_191)];
    const dying = victim === 'target' ? 1 : 0;
    const [primary, replica] = cluster.members[dying] as [TestNode, TestNode];
    const live = startLoad({ nodes: nodesOf(cluster), keys: KEYS, concurrency: 4, initial });
    const killed = Promise.withResolvers<void>();
    let batches = 0;
    const migration = migrateSlots({
      moves,
      shards: await cluster.shards(),
      credentials: CREDENTIALS,
      onProgress: () => {
        if (++batches === 10) cluster.kill(primary).then(killed.resolve, killed.reject);
      },
    });
    await assert.rejects(migration, MigrationInterrupted);
    await killed.promise;
    await takeOverShard({
      candidate: { admin: replica.admin, nodeId: replica.id },
      shardNodeIds: cluster.members[dying]!.map(({ id }) => id),
      otherPrimaries: [cluster.members[1 - dying]![0]!],
    });
    const rest = await migrate(cluster, moves);
    assert.equal(rest.movedSlots, 8_192);
    assert.deepEqual(await agreedSlots(cluster), [8_192, 8_192]);
    const report = await live.stop();
    assert.equal(report.wrong, 0, report.failures.join('; '));
    assert.equal(await keysOn(cluster), KEYS);
  });
}

/** A linear congruential generator: the same kills in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
