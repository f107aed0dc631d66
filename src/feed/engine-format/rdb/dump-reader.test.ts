import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ENGINES, startBareEngine } from '../../../../test/support/bare-engine.ts';
import { readValueOf, SMALL_LIMITS, writeValues } from '../../../../test/support/engine-values.ts';
import type { Value } from '../../change.ts';
import { digestOf } from '../digest.ts';
import { type DumpItem, DumpReader, readDumpedValue } from './dump-reader.ts';

type Key = Extract<DumpItem, { kind: 'key' }>;

/** The keys of a dump that comes in chunks of a size, by database and name. */
function keysOf(dump: Buffer, size: number, valueBytes?: number): Map<string, Key> {
  const reader = new DumpReader(valueBytes);
  const keys = new Map<string, Key>();
  let isEnded = false;
  for (let at = 0; at < dump.length; at += size) {
    reader.push(dump.subarray(at, at + size));
    for (let item = reader.next(); item; item = reader.next()) {
      if (item.kind === 'end') isEnded = true;
      if (item.kind === 'key') keys.set(`${item.database} ${item.key.toString('latin1')}`, item);
    }
  }
  reader.finish();
  assert.ok(isEnded);
  return keys;
}

/** With the members of sets and hashes in one order. */
function ordered(value: Value): Value {
  const by = (one: Buffer, other: Buffer) => Buffer.compare(one, other);
  if (value.type === 'set') return { ...value, members: value.members.toSorted(by) };
  if (value.type === 'hash') return { ...value, fields: value.fields.toSorted(([a], [b]) => by(a, b)) };
  if (value.type === 'zset') return { ...value, members: value.members.toSorted(([a], [b]) => by(a, b)) };
  return value;
}

/** What each type has with SMALL_LIMITS; names differ with the version. */
const ENCODINGS = [
  'embstr',
  'hashtable',
  'int',
  'intset',
  'listpack',
  'quicklist',
  'raw',
  'skiplist',
  'stream',
];

describe('a dump', () => {
  for (const program of ENGINES) {
    for (const rdbcompression of ['yes', 'no']) {
      test(`of ${program} has every key as clients read it, compressed: ${rdbcompression}`, async () => {
        await using engine = await startBareEngine(program, { ...SMALL_LIMITS, rdbcompression });
        const { client } = engine;
        await writeValues(client);
        const dump = await engine.dump();
        const found = keysOf(dump, 65_536);
        const encodings = new Set<string>();
        for (const database of [0, 3]) {
          await client.select(database);
          for (const key of await client.keysBuffer('*')) {
            const name = `${database} ${key.toString('latin1')}`;
            const item = found.get(name);
            assert.ok(item, name);
            const value = await readValueOf(client, key);
            assert.deepEqual(ordered(item.value), ordered(value), name);
            const expiresAt = Number(await client.call('PEXPIRETIME', key));
            assert.equal(item.expiresAt ?? -1, expiresAt, name);
            assert.equal(item.digest, digestOf(value, item.expiresAt), name);
            const dumped = readDumpedValue((await client.dumpBuffer(key))!, item.expiresAt);
            assert.deepEqual(ordered(dumped.value), ordered(value), name);
            assert.equal(dumped.digest, item.digest, name);
            encodings.add(String(await client.object('ENCODING', key)));
          }
        }
        for (const encoding of ENCODINGS) assert.ok(encodings.has(encoding), encoding);
        await client.select(0);
        const sizes = (await client.dbsize()) + 1;
        assert.equal(found.size, sizes);
        // The same wherever it is cut, and without the values.
        const digests = [...found.values()].map((item) => item.digest);
        for (const size of [1, 7, 8191, dump.length]) {
          assert.deepEqual(
            [...keysOf(dump, size).values()].map((item) => item.digest),
            digests,
          );
        }
        const small = keysOf(dump, 4096, 1000);
        for (const [name, item] of small) {
          const whole = found.get(name)!;
          // Compressed strings and encodings of the engine that are too long are not read.
          if (item.value.type !== 'other') assert.equal(item.digest, whole.digest, name);
          else assert.equal(item.value.name, whole.value.type, name);
        }
        assert.ok([...small.values()].filter((item) => item.value.type === 'other').length > 30);
      });
    }
  }
});
