import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { migrateSlots } from '../../engine/resharding/index.ts';
import { moveOf } from '../../engine/resharding/testing/inspect.ts';
import { CREDENTIALS } from '../../engine/resharding/testing/test-admin.ts';
import { installedServers } from '../../engine/resharding/testing/test-cluster.ts';
import { until } from '../../engine/testing/settle.ts';
import type { PrintedChange } from './testing/feed-program.fixture.ts';
import { startFollowed } from './testing/followed-cluster.fixture.ts';
import { KilledFeed } from './testing/killed-feed.fixture.ts';
import { startWriter } from './testing/writer.fixture.ts';

const KEYS = 1_000;
const clean: (() => unknown)[] = [];
after(async () => {
  for (const one of clean.reverse()) await one();
});

for (const server of installedServers()) {
  test(`${server}: a feed that is killed while slots move under a writer loses nothing, and repeats the same`, async () => {
    const { followed, options } = await startFollowed(
      { server, replicasPerShard: 1, slots: [[[0, 8_191]], [[8_192, 16_383]], []] },
      clean,
    );
    const feed = new KilledFeed();
    clean.push(() => feed.kill());
    const start = async () => feed.start({ ...options, shards: await followed.shards() });
    await start();
    const writer = startWriter(followed, KEYS, 3);
    for (const moves of [
      [moveOf(0, 2, 0, 3_000), moveOf(1, 2, 10_000, 12_000)],
      [moveOf(2, 0, 0, 1_500), moveOf(0, 1, 5_000, 6_000)],
    ]) {
      await feed.tell({ do: 'slotsMove', is: 'beginning' });
      let batches = 0;
      let killing: Promise<void> | undefined;
      await migrateSlots({
        ...{ moves, shards: await followed.cluster.shards(), credentials: CREDENTIALS },
        onProgress: () => {
          if (++batches % 8 === 0)
            killing ??= feed
              .kill()
              .then(start)
              .finally(() => (killing = undefined));
        },
      });
      await killing;
      await feed.tell({ do: 'setNodes', shards: await followed.shards() });
      await feed.tell({ do: 'slotsMove', is: 'done' });
      await feed.kill();
      await start();
    }
    await writer.stop();
    const names = Array.from({ length: KEYS }, (_, index) => `key-${index}`);
    const values = await Promise.all(names.map((name) => writer.cluster.get(name)));
    writer.cluster.disconnect();
    await until('the changes make what the cache has', () => {
      const latest = latestOf(feed.all);
      const wrong = names.filter((name, index) => (latest.get(name)?.value ?? null) !== values[index]);
      if (wrong.length > 0) throw new Error(`${wrong.length} keys differ: ${wrong[0]}`);
      return true;
    });
    await feed.kill();
    assert.ok(feed.lives.length >= 4, `${feed.lives.length} processes`);
    for (const changes of feed.lives) assertRising(changes);
    assertRepeated(feed.all);
    assertRising(firstOf(feed.all));
    const written = new Set(
      feed.all.filter(({ kind }) => kind === 'write').map(({ key, sequence }) => `${key} ${sequence}`),
    );
    assert.equal(written.size, writer.writes, 'every write was delivered, and nothing else');
    assert.equal(feed.all.filter(({ kind }) => kind === 'sync').length, 0);
  });
}

/** The change with the highest sequence of each key: what a sink has that knows sequences. */
function latestOf(changes: readonly PrintedChange[]): Map<string, PrintedChange> {
  const latest = new Map<string, PrintedChange>();
  for (const change of changes) {
    const before = latest.get(change.key);
    if (!before || BigInt(change.sequence) >= BigInt(before.sequence)) latest.set(change.key, change);
  }
  return latest;
}

function assertRising(changes: readonly PrintedChange[]): void {
  const last = new Map<string, bigint>();
  for (const { key, sequence, command } of changes) {
    const before = last.get(key);
    assert.ok(before === undefined || BigInt(sequence) > before, `${command}: ${sequence} after ${before}`);
    last.set(key, BigInt(sequence));
  }
}

/** Without what was delivered again. */
function firstOf(changes: readonly PrintedChange[]): PrintedChange[] {
  const seen = new Map(changes.toReversed().map((change) => [`${change.key} ${change.sequence}`, change]));
  return changes.filter((change) => seen.get(`${change.key} ${change.sequence}`) === change);
}

/** A sequence that comes again is the same change. */
function assertRepeated(changes: readonly PrintedChange[]): void {
  const commands = new Map<string, string | undefined>();
  for (const { key, sequence, command } of changes) {
    const name = `${key} ${sequence}`;
    if (commands.has(name)) assert.equal(command, commands.get(name));
    commands.set(name, command);
  }
}
