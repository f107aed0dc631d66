import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { refusedDump } from '../../engine/engine-log.ts';
import { describeDump } from './dump-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'millpond-dump-'));
after(() => rmSync(directory, { recursive: true }));
let count = 0;

function described(bytes: Buffer) {
  const file = join(directory, `${++count}.rdb`);
  writeFileSync(file, bytes);
  return describeDump(file);
}

/** As Redis 7.0.15 wrote it: a primary with one key and one replica. */
const REDIS = Buffer.from(
  '524544495330303130fa0972656469732d76657206372e302e3135fa0a72656469732d62697473c040fa056374696d65c23c3a0d6b' +
    'fa08757365642d6d656dc288c60f00fa0e7265706c2d73747265616d2d6462c000fa077265706c2d696428303032343866646563' +
    '3330313636643936373031653633636364613831376366313038643636626' +
    '5fa0b7265706c2d6f6666736574c032fa08616f662d62617365c000fe00fb01000001610162ffaf1e690e62f5b985',
  'hex',
);

it('reads the replication id, the offset, the time and the checksum', async () => {
  assert.deepEqual(await described(REDIS), {
    bytes: 182,
    checksum: '85b9f5620e691eaf',
    savedAt: 1_796_028_988_000,
    replicationId: '00248fdec30166d96701e63ccda817cf108d66be',
    offset: 50,
  });
});

it('accepts the magic of newer Valkeys', async () => {
  const valkey = Buffer.from(REDIS);
  valkey.write('VALKEY080', 'latin1');
  assert.equal((await described(valkey))?.offset, 50);
});

it('reads offsets of any size', async () => {
  const text = Buffer.concat([Buffer.from('\x0brepl-offset\x0c', 'latin1'), Buffer.from('123456789012')]);
  const head = REDIS.subarray(0, REDIS.indexOf('\x0brepl-offset'));
  assert.equal((await described(Buffer.concat([head, text, REDIS.subarray(-9)])))?.offset, 123_456_789_012);
});

it('detects files that are cut off, empty or not dumps', async () => {
  assert.equal(await describeDump(join(directory, 'none')), undefined);
  assert.equal((await describeDump(directory))?.damage, 'it is not a file');
  assert.equal((await described(Buffer.alloc(0)))?.damage, 'it is empty');
  assert.equal((await described(Buffer.alloc(4096, 7)))?.damage, 'it is not an RDB file');
  for (let length = 1; length < REDIS.length; length++) {
    assert.ok((await described(REDIS.subarray(0, length)))?.damage, `${length} bytes`);
  }
  assert.ok((await described(Buffer.concat([REDIS, Buffer.from('x')])))?.damage);
});

it('never fails on random bytes after the magic', async () => {
  let seed = 1;
  for (let round = 0; round < 300; round++) {
    const noise = Buffer.from(REDIS);
    for (let changes = 0; changes < 8; changes++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      noise[9 + (seed % (noise.length - 9))] = seed >> 8;
    }
    await described(noise);
  }
});

const at = '1:M 30 Nov 2026 08:56:29.052';

it('recognises the log of an engine that refuses a dump', () => {
  const wrong = [
    `${at} # Wrong signature trying to load DB from file`,
    `${at} # Fatal error loading the DB: …`,
  ];
  assert.equal(refusedDump(wrong), 'Fatal error loading the DB: …');
  assert.ok(refusedDump([`${at} # Short read or OOM loading DB. Unrecoverable error, aborting now.`]));
  assert.ok(refusedDump([`${at} # Wrong RDB checksum expected: (1) but got (2). Aborting now.`]));
  assert.equal(refusedDump([`${at} * Ready to accept connections`]), undefined);
  assert.equal(refusedDump([`${at} # Can't handle RDB format version 99`, wrong[1]!]), undefined);
  assert.equal(refusedDump([`${at} # Failed listening on port 6379`]), undefined);
});
