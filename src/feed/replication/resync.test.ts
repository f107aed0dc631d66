import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ENGINES, startBareEngine } from '../../../test/support/bare-engine.ts';
import { silentLog } from '../../kernel/log.ts';
import type { Change } from '../change.ts';
import { createReplicationSource, type ReplicationOptions } from './replication-source.ts';
import { bareShard } from './testing/bare-shard.fixture.ts';
import { collect } from './testing/collected.fixture.ts';

const directories: string[] = [];
after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** An engine that soon forgets what it sent, and the options of a feed of it. */
async function start(program: string, options: Partial<ReplicationOptions> = {}) {
  const engine = await startBareEngine(program, {
    'repl-diskless-sync-delay': '0',
    'repl-backlog-size': '16kb',
  });
  const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-'));
  directories.push(directory);
  const all: ReplicationOptions = {
    ...{ cache: 'shop', directory, resync: 'diff', start: 'now', value: 'after', log: silentLog },
    shards: [bareShard(engine)],
    ...options,
  };
  /** Writes more than the engine keeps for replicas. */
  const overrun = () => engine.client.set('filler', 'x'.repeat(100_000));
  return { engine, options: all, overrun };
}

const shown = (changes: readonly Change[]) =>
  changes
    .map(({ kind, key, value }) => {
      const text = value?.type === 'string' ? String(value.value).slice(0, 9) : (value?.type ?? '');
      return `${kind} ${key} ${text}`.trim();
    })
    .toSorted();

for (const program of ENGINES) {
  test(`${program}: a full resynchronization delivers what differs, and the same again until it is acknowledged`, async () => {
    const { engine, options, overrun } = await start(program);
    await using _ = engine;
    const { client } = engine;
    await client.mset('same', '1', 'other', '1', 'gone', '1');
    await client.set('filler', 'x'.repeat(100_000));
    let source = createReplicationSource(options);
    let collected = collect(source);
    await source.ready;
    await client.set('written', '1');
    await client.set('brief', '1');
    await collected.until((changes) => changes.length === 2);
    await source.close();

    await client.set('other', '2');
    await client.del('gone', 'brief');
    await client.set('new', '1');
    await overrun();
    const expected = [
      'delete brief none',
      'delete gone none',
      'sync new 1',
      'sync other 2',
      'sync written 1',
    ];
    const sequences: string[][] = [];
    for (const acknowledges of [false, true]) {
      source = createReplicationSource(options);
      collected = collect(source);
      collected.acknowledges = acknowledges;
      await collected.until((changes) => changes.length >= expected.length);
      assert.deepEqual(shown(collected.changes), expected);
      sequences.push(collected.changes.map(({ key, sequence }) => `${key} ${sequence}`).toSorted());
      if (acknowledges) {
        await client.set('later', '1');
        await collected.until((changes) => changes.length === expected.length + 1);
        assert.ok(BigInt(collected.changes.at(-1)!.sequence) > BigInt(collected.changes[0]!.sequence));
      }
      await source.close();
    }
    assert.deepEqual(sequences[0], sequences[1]);

    await overrun();
    source = createReplicationSource(options);
    collected = collect(source);
    await collected.until((changes) => changes.length === 1);
    assert.deepEqual(shown(collected.changes), ['sync later 1'], 'what was found is known');
    await source.close();
  });

  test(`${program}: without a comparison every key is delivered, and a new feed can begin with all`, async () => {
    const { engine, options, overrun } = await start(program, { resync: 'upserts', start: 'all' });
    await using _ = engine;
    await engine.client.mset('a', '1', 'b', '2');
    let source = createReplicationSource(options);
    let collected = collect(source);
    await collected.until((changes) => changes.length === 2);
    assert.deepEqual(shown(collected.changes), ['sync a 1', 'sync b 2']);
    await source.close();
    await overrun();
    source = createReplicationSource(options);
    collected = collect(source);
    await collected.until((changes) => changes.length === 3);
    assert.deepEqual(shown(collected.changes), ['sync a 1', 'sync b 2', 'sync filler xxxxxxxxx']);
    await source.close();
  });

  test(`${program}: a flush deletes the keys of its database, and a swap of databases is told`, async () => {
    const { engine, options } = await start(program);
    await using _ = engine;
    const { client } = engine;
    await client.mset('a', '1', 'b', '1');
    await client.select(3);
    await client.set('c', '1');
    const source = createReplicationSource(options);
    const collected = collect(source);
    await source.ready;
    await client.set('d', '1');
    await client.flushdb();
    await collected.until((changes) => changes.length === 3);
    assert.deepEqual(shown(collected.changes), ['delete c none', 'delete d none', 'write d none']);
    assert.ok(collected.changes.every(({ database }) => database === 3));
    await client.flushall();
    await collected.until((changes) => changes.length === 5);
    assert.deepEqual(shown(collected.changes.slice(3)), ['delete a none', 'delete b none']);
    await client.set('e', '1');
    await client.swapdb(3, 5);
    await collected.until((changes) => changes.length === 9);
    assert.deepEqual(
      collected.changes
        .slice(-2)
        .map(({ kind, key, database }) => `${kind} ${key} ${database}`)
        .toSorted(),
      ['delete e 3', 'sync e 5'],
    );
    await source.close();
  });

  test(`${program}: a new feed of a cache with a history reads what is written from then on`, async () => {
    const { engine, options } = await start(program);
    await using _ = engine;
    const first = createReplicationSource(options);
    await first.ready;
    await engine.client.set('before', '1');
    await first.close();
    const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-'));
    directories.push(directory);
    const second = createReplicationSource({ ...options, directory });
    const collected = collect(second);
    await second.ready;
    await engine.client.set('after', '1');
    await collected.until((changes) => changes.length > 0);
    assert.deepEqual(shown(collected.changes), ['write after 1']);
    await second.close();
  });
}
