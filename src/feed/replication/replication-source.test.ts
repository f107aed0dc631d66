import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENGINES, startBareEngine } from '../../../test/support/bare-engine.ts';
import { silentLog } from '../../kernel/log.ts';
import { createReplicationSource, type ReplicationOptions } from './replication-source.ts';
import { bareShard } from './testing/bare-shard.fixture.ts';
import { collect } from './testing/collected.fixture.ts';

for (const program of ENGINES) {
  test(`${program}: changes come in order, and go on after a restart from what was acknowledged`, async (t) => {
    await using engine = await startBareEngine(program, { 'repl-diskless-sync-delay': '0' });
    const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-'));
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    const options: ReplicationOptions = {
      ...{ cache: 'shop', directory, resync: 'diff', start: 'now', value: 'none', log: silentLog },
      shards: [bareShard(engine)],
    };
    await engine.client.set('before', '1');
    let source = createReplicationSource(options);
    let collected = collect(source);
    await collected.following(1);
    await engine.client.set('a', '1');
    await engine.client.hset('h', 'f', 'v');
    await engine.client.del('a');
    await collected.until((changes) => changes.length === 3);
    assert.deepEqual(
      collected.changes.map(({ kind, key, command }) => [kind, `${key}`, ...command!.map(String)]),
      [
        ['write', 'a', 'SET', 'a', '1'],
        ['write', 'h', 'HSET', 'h', 'f', 'v'],
        ['delete', 'a', 'DEL', 'a'],
      ],
    );
    const sequences = collected.changes.map(({ sequence }) => BigInt(sequence));
    assert.ok(sequences[0]! < sequences[1]! && sequences[1]! < sequences[2]!);
    collected.acknowledges = false;
    await engine.client.set('b', '1');
    await collected.until((changes) => changes.length === 4);
    const [unacknowledged] = collected.changes.slice(3);
    await source.close();

    await engine.client.set('c', '1');
    source = createReplicationSource(options);
    collected = collect(source);
    await collected.until((changes) => changes.length === 2);
    assert.equal(collected.changes[0]!.sequence, unacknowledged!.sequence);
    assert.deepEqual(
      collected.changes.map(({ key }) => `${key}`),
      ['b', 'c'],
    );
    await source.close();
  });
}
