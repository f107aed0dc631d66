// The files of objects: a file is complete or absent, stays while it is read, and nothing unused remains.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it, type TestContext } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { Blobs } from './blobs.ts';

async function openBlobs(test: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-blobs-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const blobs = new Blobs(directory, silentLog);
  await blobs.start(() => false);
  const files = () =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  const write = async (...pieces: string[]) => {
    const { blob, size } = await blobs.write(
      pieces.map((piece) => Buffer.from(piece)),
      () => {},
    );
    return { blob: blob!, size };
  };
  return { directory, blobs, files, write };
}

it('writes files, and reads any range across them', async (test) => {
  const { blobs, write } = await openBlobs(test);
  const segments = [await write('hello', ' '), { size: 0 }, await write('big '), await write('world')];
  const whole = 'hello big world';
  assert.equal(await text(blobs.read(segments)), whole);
  for (let first = 0; first < whole.length; first++) {
    for (let last = first; last < whole.length; last++) {
      assert.equal(await text(blobs.read(segments, { first, last })), whole.slice(first, last + 1));
    }
  }
});

it('writing no bytes makes no file', async (test) => {
  const { blobs, files } = await openBlobs(test);
  assert.deepEqual(await blobs.write([], () => {}), { size: 0 });
  assert.deepEqual(await blobs.write([Buffer.alloc(0)], () => {}), { size: 0 });
  assert.deepEqual(files(), []);
});

it('a write whose source or observer fails leaves no file', async (test) => {
  const { blobs, files } = await openBlobs(test);
  const failing = (async function* () {
    yield Buffer.from('some');
    throw new Error('gone');
  })();
  await assert.rejects(
    blobs.write(failing, () => {}),
    /gone/,
  );
  const refusing = (_piece: Uint8Array, size: number) => {
    if (size > 4) throw new Error('too much');
  };
  await assert.rejects(blobs.write([Buffer.from('four'), Buffer.from('5')], refusing), /too much/);
  assert.deepEqual(files(), []);
});

it('a discarded file stays until its last reader is done', async (test) => {
  const { blobs, files, write } = await openBlobs(test);
  const segment = await write('still here');
  const [one, other, unread] = [blobs.read([segment]), blobs.read([segment]), blobs.read([segment])];
  blobs.discard([segment.blob]);
  assert.equal(await text(one), 'still here');
  assert.equal(await text(other), 'still here');
  assert.deepEqual(files(), [segment.blob]);
  unread.destroy();
  await new Promise((resolve) => unread.once('close', resolve));
  await blobs.stop();
  assert.deepEqual(files(), []);
});

it('a start deletes unfinished and unused files, and no others', async (test) => {
  const { directory, files, write } = await openBlobs(test);
  const kept = await write('kept');
  const orphan = await write('orphan');
  writeFileSync(join(directory, 'incoming', 'half'), 'ha');
  mkdirSync(join(directory, 'blobs', 'zz'), { recursive: true });
  writeFileSync(join(directory, 'blobs', 'zz', 'README'), 'not ours');
  assert.equal(files().length, 4);
  assert.notEqual(orphan.blob, kept.blob);
  const restarted = new Blobs(directory, silentLog);
  await restarted.start((blob) => blob === kept.blob);
  await restarted.stop();
  assert.deepEqual(files().sort(), [kept.blob, 'README'].sort());
});
