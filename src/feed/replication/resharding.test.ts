import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Cluster } from 'ioredis';
import { seededRandom } from '../../../test/support/random-input.ts';
import { tolerateLostAsking } from '../../engine/lost-asking.ts';
import { migrateSlots } from '../../engine/resharding/index.ts';
import { moveOf } from '../../engine/resharding/testing/inspect.ts';
import { CREDENTIALS } from '../../engine/resharding/testing/test-admin.ts';
import { installedServers } from '../../engine/resharding/testing/test-cluster.ts';
import { silentLog } from '../../kernel/log.ts';
import { createReplicationSource, type ReplicationOptions } from './replication-source.ts';
import { collect } from './testing/collected.fixture.ts';
import { type FollowedCluster, startFollowedCluster } from './testing/followed-cluster.fixture.ts';
import { assertInOrder, assertSameAsCache } from './testing/replayed.fixture.ts';

const clean: (() => unknown)[] = [];
after(async () => {
  for (const one of clean.reverse()) await one();
});

async function start(server: string, replicasPerShard: number) {
  const followed = await startFollowedCluster({
    ...{ server, replicasPerShard },
    slots: [[[0, 8_191]], [[8_192, 16_383]], []],
  });
  clean.push(() => followed.cluster.stop());
  const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-'));
  clean.push(() => rmSync(directory, { recursive: true, force: true }));
  const options: ReplicationOptions = {
    ...{ cache: 'shop', directory, resync: 'diff', start: 'now', value: 'after', log: silentLog },
    shards: await followed.shards(),
  };
  return { followed, options };
}

/** Writes, deletes and creates keys again until it is stopped. */
function startWriter(followed: FollowedCluster, keys: number, seed: number) {
  const cluster = new Cluster([{ host: followed.cluster.members[0]![0]!.address, port: 6379 }], {
    redisOptions: { username: CREDENTIALS.user, password: CREDENTIALS.password },
  });
  tolerateLostAsking(cluster);
  const random = seededRandom(seed);
  let isStopped = false;
  let writes = 0;
  const workers = Array.from({ length: 8 }, async () => {
    while (!isStopped) {
      const key = `key-${Math.floor(random() * keys)}`;
      const chance = random();
      if (chance < 0.3) await cluster.del(key);
      else await cluster.set(key, `${++writes}`);
    }
  });
  return {
    cluster,
    get writes() {
      return writes;
    },
    async stop() {
      isStopped = true;
      await Promise.all(workers);
    },
  };
}

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
