// Tests unpacking: valid packages, and those refused before they have any effect.

import assert from 'node:assert/strict';
import { access, lstat, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { zip } from '../../../kernel/zip.ts';
import { NotAPackage, TooLargeOpened } from './refusals.ts';
import { inspect, unzip } from './unzip.ts';

async function place(context: TestContext): Promise<{ outer: string; inner: string }> {
  const outer = await mkdtemp(join(tmpdir(), 'millpond-unzip-'));
  context.after(() => rm(outer, { recursive: true, force: true }));
  const inner = join(outer, 'inner');
  await mkdir(inner);
  return { outer, inner };
}

/** A package of one file with changed external attributes, which are next to the end of the directory. */
function withMode(name: string, contents: string, mode: number): Buffer {
  const bytes = zip({ [name]: contents });
  const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt32LE((mode << 16) >>> 0, entry + 38);
  return bytes;
}

test('unzip unpacks what zip packs', async (context) => {
  const { inner } = await place(context);
  const files = { 'index.js': 'x', 'deep/er/ü.txt': 'text'.repeat(1000), empty: '' };
  assert.deepEqual(await unzip(zip(files), inner), { unzippedBytes: 4001 });
  for (const [name, text] of Object.entries(files))
    assert.equal(await readFile(join(inner, name), 'utf8'), text);
  assert.deepEqual(zip(files), zip(files));
});

test('modes are kept, and all users may read', async (context) => {
  const { inner } = await place(context);
  await unzip(withMode('bootstrap', '#!/bin/sh', 0o100700), inner);
  assert.equal((await lstat(join(inner, 'bootstrap'))).mode & 0o777, 0o744);
});

test('any user may read the files of functions, whatever the umask', async (context) => {
  const { inner } = await place(context);
  const before = process.umask(0o077);
  context.after(() => process.umask(before));
  await unzip(zip({ 'lib/deep/index.js': 'x', 'empty/': '' }), inner);
  for (const name of ['', 'lib', 'lib/deep', 'empty']) {
    assert.equal((await lstat(join(inner, name))).mode & 0o777, 0o755, name);
  }
  assert.equal((await lstat(join(inner, 'lib/deep/index.js'))).mode & 0o444, 0o444);
});

for (const name of ['../out', '/out', 'a/../../out', 'a\\..\\out', 'C:/out']) {
  test(`a name that leaves the directory: ${name}`, async (context) => {
    const { outer, inner } = await place(context);
    await assert.rejects(unzip(zip({ [name]: 'x' }), inner), NotAPackage);
    await assert.rejects(access('/out'));
    assert.deepEqual(await readdir(outer), ['inner']);
  });
}

for (const target of ['/etc/passwd', '../outside', 'a/../../outside']) {
  test(`a link that leaves the directory: ${target}`, async (context) => {
    const { inner } = await place(context);
    await assert.rejects(unzip(withMode('link', target, 0o120777), inner), NotAPackage);
    await assert.rejects(inspect(withMode('link', target, 0o120777)), NotAPackage);
    assert.deepEqual(await readdir(inner), []);
  });
}

test('a link to the package itself is kept', async (context) => {
  const { inner } = await place(context);
  await unzip(withMode('self', '.', 0o120777), inner);
  assert.ok((await lstat(join(inner, 'self'))).isSymbolicLink());
});

test('a link inside of the package is kept', async (context) => {
  const { inner } = await place(context);
  await unzip(withMode('lib/link', '../target', 0o120777), inner);
  assert.ok((await lstat(join(inner, 'lib/link'))).isSymbolicLink());
});

/** One entry with claimed sizes that differ from the real ones. */
function claiming(data: Buffer, claimedBytes: number): Buffer {
  const bytes = zip({ bomb: deflateRawSync(data) });
  const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  for (const [at, shift] of [
    [0, 0],
    [central, 2],
  ] as const) {
    bytes.writeUInt16LE(8, at + 8 + shift);
    bytes.writeUInt32LE(crc32(data), at + 14 + shift);
    bytes.writeUInt32LE(claimedBytes, at + 22 + shift);
  }
  return bytes;
}

test('zip bombs with true and with false sizes are refused', async (context) => {
  const { inner } = await place(context);
  const zeros = Buffer.alloc(50_000_000);
  await assert.rejects(unzip(claiming(zeros, 300_000_000), inner), TooLargeOpened);
  await assert.rejects(unzip(claiming(zeros, 1000), inner), NotAPackage);
  await assert.rejects(inspect(claiming(zeros, 300_000_000)), TooLargeOpened);
  await assert.rejects(inspect(claiming(zeros, 1000)), NotAPackage);
});

for (const [what, bytes] of [
  ['nothing', Buffer.alloc(0)],
  ['nonsense', Buffer.from('nonsense')],
  ['half of one', zip({ a: 'x'.repeat(100) }).subarray(0, 120)],
] as const) {
  test(`no package: ${what}`, async (context) => {
    const { inner } = await place(context);
    await assert.rejects(unzip(bytes, inner), NotAPackage);
    await assert.rejects(inspect(bytes), NotAPackage);
  });
}
