import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startBareEngine, versionOf } from '../../../../test/support/bare-engine.ts';
import {
  dumpOf,
  intset,
  length,
  listpack,
  milliseconds,
  moduleId,
  payloadOf,
  string,
  strings,
  ziplist,
  zipmap,
} from '../../../../test/support/dump-writer.ts';
import { readValueOf } from '../../../../test/support/engine-values.ts';
import { seededRandom } from '../../../../test/support/random-input.ts';
import { digestOf } from '../digest.ts';
import { FormatError } from '../format-error.ts';
import { Crc64 } from './crc64.ts';
import { type DumpItem, DumpReader, readDumpedValue } from './dump-reader.ts';

const INTEGERS = [0n, 12n, 13n, -1n, 127n, -128n, 128n, 32_767n, -32_768n, 32_768n, 8_388_607n].concat([
  ...[-8_388_608n, 8_388_608n, 2_147_483_647n, -2_147_483_648n, 2_147_483_648n],
  ...[9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n],
]);
const LONG = 'y'.repeat(300);
const LONGER = 'z'.repeat(20_000);

/** Values as engines before 7.0 wrote them. */
const OLD: [name: string, type: number, value: Buffer][] = [
  ['list', 1, Buffer.concat([length(3), strings('a', '', LONG)])],
  ['set', 2, Buffer.concat([length(2), strings('a', LONG)])],
  ['zset with scores as texts', 3, Buffer.concat([length(4), ...scores()])],
  ['hash', 4, Buffer.concat([length(2), strings('a', '1', 'b', LONGER)])],
  [
    'hash as zipmap',
    9,
    string(
      zipmap([
        ['a', '1'],
        ['b', LONG],
        ['c', ''],
      ]),
    ),
  ],
  [
    'hash as zipmap with unused bytes',
    9,
    string(
      zipmap(
        [
          ['a', '1'],
          [LONG, 'b'],
        ],
        3,
      ),
    ),
  ],
  ['list as ziplist', 10, string(ziplist(['a', LONG, LONGER, 'b', ...INTEGERS, '']))],
  ['set of integers of 2 bytes', 11, string(intset(2, [-32_768n, -1n, 5n, 32_767n]))],
  ['set of integers of 4 bytes', 11, string(intset(4, [-2_147_483_648n, 0n, 2_147_483_647n]))],
  [
    'set of integers of 8 bytes',
    11,
    string(intset(8, [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n])),
  ],
  ['zset as ziplist', 12, string(ziplist(['a', 1n, 'b', '1.5', 'c', 'inf']))],
  ['hash as ziplist', 13, string(ziplist(['a', 1n, 'b', LONG, '12', 100_000n]))],
  [
    'list as quicklist of ziplists',
    14,
    Buffer.concat([length(2), string(ziplist(['a', 1n])), string(ziplist(['b']))]),
  ],
];

function scores(): Buffer[] {
  const score = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  return [
    string('a'),
    score('1.5'),
    string('b'),
    score('-3e+100'),
    string('c'),
    Buffer.from([254]),
    string('d'),
    Buffer.from([255]),
  ];
}

/** The keys of a dump. */
function read(dump: Buffer, size = dump.length, valueBytes?: number): DumpItem[] {
  const reader = new DumpReader(valueBytes);
  const items: DumpItem[] = [];
  for (let at = 0; at < dump.length; at += size) {
    reader.push(dump.subarray(at, at + size));
    for (let item = reader.next(); item; item = reader.next()) items.push(item);
  }
  reader.finish();
  return items;
}

const key = (type: number, value: Buffer) => Buffer.concat([Buffer.from([type]), string('k'), value]);

function valueIn(content: readonly Buffer[], magic?: string) {
  const items = read(dumpOf(content, magic));
  const found = items.find((item) => item.kind === 'key');
  assert.ok(found);
  assert.deepEqual(items.at(-1), { kind: 'end' });
  return found;
}

const HASH = {
  type: 'hash',
  fields: [
    ['a', '1'],
    ['b', '2'],
  ].map((pair) => pair.map((one) => Buffer.from(one))),
};

describe('encodings', () => {
  test('of old engines are read as redis-server reads them', async (t) => {
    if (!versionOf('redis-server')) return t.skip('needs redis-server');
    await using engine = await startBareEngine('redis-server', { 'sanitize-dump-payload': 'yes' });
    for (const [name, type, value] of OLD) {
      const payload = payloadOf(type, value, 6);
      await engine.client.call('RESTORE', name, '0', payload, 'REPLACE');
      const truth = await readValueOf(engine.client, Buffer.from(name));
      const found = readDumpedValue(payload);
      assert.equal(found.digest, digestOf(truth), name);
      assert.equal(found.digest, digestOf(found.value), name);
      // And as the engine encodes it today.
      const today = readDumpedValue((await engine.client.dumpBuffer(name))!);
      assert.equal(today.digest, found.digest, name);
      assert.equal(today.value.type, found.value.type, name);
      const [inDump] = read(dumpOf([key(type, value)], 'REDIS0006'), 3);
      assert.ok(inDump?.kind === 'key' && inDump.digest === found.digest);
    }
  });

  test('of hashes whose fields expire are read: Redis 7.4, its candidates, and Valkey 9', () => {
    const least = milliseconds(4_000_000_000_000n);
    const triplets = string(listpack(['a', '1', '0', 'b', '2', '4000000000000']));
    const pairs = Buffer.concat([length(2), length(0), strings('a', '1'), length(500), strings('b', '2')]);
    assert.deepEqual(valueIn([key(22, pairs)]).value, HASH);
    assert.deepEqual(valueIn([key(23, triplets)]).value, HASH);
    assert.deepEqual(valueIn([key(24, Buffer.concat([least, pairs]))]).value, HASH);
    assert.deepEqual(valueIn([key(25, Buffer.concat([least, triplets]))]).value, HASH);
    const valkey = Buffer.concat([
      ...[length(2), strings('a', '1'), milliseconds(-1n), strings('b', '2'), least],
    ]);
    assert.deepEqual(valueIn([key(22, valkey)], 'VALKEY080').value, HASH);
    assert.deepEqual(readDumpedValue(payloadOf(22, valkey, 80)).value, HASH);
    assert.throws(() => read(dumpOf([key(24, pairs)], 'VALKEY080')), { problem: 'unknown' });
  });

  test('of modules are skipped, and have a digest of their bytes', () => {
    const data = (text: string) =>
      Buffer.concat([
        ...[length(1), length(5), length(2), Buffer.from('81ffffffffffffffff', 'hex')],
        ...[length(3), Buffer.alloc(4), length(4), Buffer.alloc(8), length(5), string(text), length(0)],
      ]);
    const value = (text: string) => Buffer.concat([moduleId('ReJSON-RL', 3), data(text)]);
    const own = Buffer.concat([
      Buffer.from([247]),
      moduleId('scdtype00', 1),
      length(2),
      length(1),
      data('x'),
    ]);
    const one = valueIn([own, key(7, value('{}'))]);
    assert.deepEqual(one.value, { type: 'other', name: 'ReJSON-RL' });
    assert.equal(valueIn([key(7, value('{}'))]).digest, one.digest);
    assert.notEqual(valueIn([key(7, value('[]'))]).digest, one.digest);
    assert.equal(digestOf(one.value), undefined);
  });

  test('of everything that is no key are passed over', () => {
    const content = [
      Buffer.concat([Buffer.from([250]), strings('repl-id', 'abc')]),
      Buffer.concat([Buffer.from([245]), string('#!lua name=x')]),
      Buffer.concat([Buffer.from([246]), strings('f', 'lua'), length(1), strings('about', 'code')]),
      Buffer.concat([Buffer.from([254]), length(9), Buffer.from([251]), length(70), length(1)]),
      Buffer.concat([Buffer.from([244]), length(1), length(2), length(3)]),
      Buffer.concat([Buffer.from([253, 1, 0, 0, 0, 249, 7, 248]), length(100), key(0, string('v'))]),
      key(0, string('v')),
    ];
    const items = read(dumpOf(content), 1);
    const value = { type: 'string', value: Buffer.from('v') };
    const keys = items.filter((item) => item.kind === 'key').map(({ digest: _, ...rest }) => rest);
    assert.deepEqual(items.slice(0, 2), [
      { kind: 'note', name: 'repl-id', text: 'abc' },
      { kind: 'size', database: 9, keys: 70, expiring: 1 },
    ]);
    assert.deepEqual(keys, [
      { kind: 'key', database: 9, key: Buffer.from('k'), expiresAt: 1000, value },
      { kind: 'key', database: 9, key: Buffer.from('k'), value },
    ]);
    const imports = Buffer.concat([
      Buffer.from([243]),
      string('job'),
      length(2),
      ...[1, 2, 5, 9].map(length),
    ]);
    assert.equal(valueIn([imports, key(0, string('v'))], 'VALKEY080').kind, 'key');
    const metadata = Buffer.concat([
      Buffer.from([243]),
      length(1),
      Buffer.alloc(4),
      length(2),
      length(7),
      length(0),
    ]);
    assert.equal(valueIn([metadata, key(0, string('v'))], 'REDIS0013').kind, 'key');
  });

  test('that are unknown, cut or wrong are refused with their problem', () => {
    const whole = dumpOf([key(0, string('v'))]);
    const wrong = Buffer.from(whole);
    wrong[13] = 0x42;
    const cases: [Buffer, FormatError['problem']][] = [
      [Buffer.from('GARBAGE01'), 'unknown'],
      [dumpOf([key(26, length(0))]), 'unknown'],
      [dumpOf([key(6, length(0))]), 'unknown'],
      [dumpOf([Buffer.from([242])], 'VALKEY081'), 'unknown'],
      [wrong, 'checksum'],
      [whole.subarray(0, -1), 'malformed'],
      [Buffer.concat([whole, Buffer.from('x')]), 'malformed'],
      [dumpOf([key(0, Buffer.from([0xc4]))]), 'malformed'],
      [dumpOf([key(0, Buffer.from([0x82]))]), 'malformed'],
      [dumpOf([key(1, Buffer.from([0xc0]))]), 'malformed'],
      [dumpOf([key(13, string(ziplist(['a'])))]), 'malformed'],
      [dumpOf([key(18, Buffer.concat([length(1), length(3), string('x')]))]), 'malformed'],
      // Compressed: 5 bytes that are said to be 100; a repetition of what is before the beginning.
      [dumpOf([key(0, Buffer.from([0xc3, 2, 0x40, 100, 0, 97]))]), 'malformed'],
      [dumpOf([key(0, Buffer.from([0xc3, 4, 4, 0, 97, 0x20, 9]))]), 'malformed'],
    ];
    for (const [bytes, problem] of cases) {
      for (const size of [1, bytes.length]) {
        assert.throws(() => read(bytes, size), { name: 'FormatError', problem }, bytes.toString('latin1'));
      }
    }
    assert.equal(read(Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)])).length, 2, 'rdbchecksum no');
    assert.throws(() => readDumpedValue(Buffer.from('x')), { problem: 'malformed' });
    assert.throws(() => readDumpedValue(payloadOf(0, strings('a', 'b'))), { problem: 'malformed' });
    assert.throws(() => readDumpedValue(payloadOf(0, Buffer.from([5]))), { problem: 'malformed' });
  });

  test('with any change of their bytes end or fail with a typed error', () => {
    const random = seededRandom(7);
    const pick = (below: number) => Math.floor(random() * below);
    const stream = Buffer.concat([
      ...[
        length(1),
        string(Buffer.alloc(16)),
        string(listpack(['1', '0', '1', 'f', '0', '2', '5', '1', 'v', '4'])),
      ],
      ...[1, 5, 1, 5, 1, 0, 0, 1, 0].map(length),
    ]);
    const samples = [...OLD, ['stream', 19, stream] as const].map(
      ([, type, value]) => [type, value] as const,
    );
    assert.equal(readDumpedValue(payloadOf(19, stream)).value.type, 'stream');
    for (let round = 0; round < 20_000; round++) {
      const [type, value] = samples[round % samples.length]!;
      // The long ones rarely: their changes are mostly in texts.
      if (value.length > 5000 && round % 50 !== 0) continue;
      const bytes = Buffer.from(value);
      for (let changes = pick(3); changes >= 0; changes--) bytes[pick(bytes.length)] = pick(256);
      const cut = random() < 0.1 ? bytes.subarray(0, pick(bytes.length)) : bytes;
      const payload = payloadOf(random() < 0.05 ? pick(30) : type, cut);
      const dump = dumpOf([key(payload[0]!, cut)]);
      for (const attempt of [() => readDumpedValue(payload), () => read(dump, 1 + pick(100))]) {
        try {
          attempt();
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }
    }
  });

  test('that announce more than they have take no memory for it', () => {
    const huge = Buffer.from([0x80, 0x7f, 0xff, 0xff, 0xff]);
    const before = process.memoryUsage().arrayBuffers;
    const readers = [0, 1, 2, 4, 5, 11, 13, 15, 18, 20].flatMap((type) =>
      Array.from({ length: 20 }, () => {
        const reader = new DumpReader(2 ** 31);
        reader.push(Buffer.concat([Buffer.from('REDIS0011'), Buffer.from([type]), string('k'), huge, huge]));
        assert.equal(reader.next(), undefined);
        return reader;
      }),
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < readers.length * 1024 * 1024);
    // A long string comes in parts, is not kept, and has the digest of the whole.
    const part = Buffer.alloc(1024 * 1024, 'x');
    const reader = new DumpReader(1024);
    reader.push(
      Buffer.concat([Buffer.from('REDIS0011'), Buffer.from([0]), string('k'), length(64 * part.length)]),
    );
    for (let left = 64; left > 0; left--) {
      assert.equal(reader.next(), undefined);
      reader.push(part);
    }
    const item = reader.next();
    assert.ok(item?.kind === 'key');
    assert.deepEqual(item.value, { type: 'other', name: 'string' });
    assert.equal(item.digest, digestOf({ type: 'string', value: Buffer.alloc(64 * part.length, 'x') }));
  });
});

test('the check sum is the engine’s', () => {
  // Redis: src/crc64.c, `crc64Test`.
  const crc = new Crc64();
  crc.update(Buffer.from('123456789'), 0, 9);
  assert.equal(crc.digest().readBigUInt64LE(), 0xe9c6d914c4b8d9can);
});
