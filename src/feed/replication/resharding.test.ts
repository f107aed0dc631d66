import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { migrateSlots } from '../../engine/resharding/index.ts';
import { moveOf } from '../../engine/resharding/testing/inspect.ts';
import { CREDENTIALS } from '../../engine/resharding/testing/test-admin.ts';
import { installedServers } from '../../engine/resharding/testing/test-cluster.ts';
import { createReplicationSource } from './replication-source.ts';
import { collect } from './testing/collected.fixture.ts';
import { startFollowed } from './testing/followed-cluster.fixture.ts';
import { assertInOrder, assertSameAsCache } from './testing/replayed.fixture.ts';
import { startWriter } from './testing/writer.fixture.ts';

const clean: (() => unknown)[] = [];
after(async () => {
  for (const one of clean.reverse()) await one();
});

const start = async (server: string, replicasPerShard: number) =>
  startFollowed({ server, replicasPerShard, slots: [[[0, 8_191]], [[8_192, 16_383]], []] }, clean);

for (const server of installedServers()) {
  for (const replicas of [0, 1]) {
    test(`${server}: slots move under a writer, with ${replicas} replicas`, async () => {
      const { followed, options } = await start(server, replicas);
      const source = createReplicationSource(options);
      const collected = collect(source);
      await source.ready;
      const writer = startWriter(followed, 2_000, 1);
      const moves = [
        [moveOf(0, 2, 0, 3_000), moveOf(1, 2, 10_000, 12_000)],
        [moveOf(2, 0, 0, 1_000), moveOf(2, 1, 1_001, 2_000)],
      ];
      for (const some of moves) {
        await source.slotsMove('beginning');
        await migrateSlots({
          moves: some,
          shards: await followed.cluster.shards(),
          credentials: CREDENTIALS,
        });
        source.setNodes(await followed.shards());
        await source.slotsMove('done');
      }
      await writer.stop();
      await assertSameAsCache(collected, writer.cluster, 2_000);
      assertInOrder(collected.changes);
      assert.equal(collected.changes.filter(({ kind }) => kind === 'sync').length, 0);
      // A key that moved is neither deleted nor created: what was delivered is what clients did.
      const written = collected.changes.filter(({ kind }) => kind === 'write').length;
      assert.equal(written, writer.writes);
      writer.cluster.disconnect();
      await source.close();
    });
  }
}
