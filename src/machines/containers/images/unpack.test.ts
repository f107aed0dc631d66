// Images as they are unpacked: the order of layers, what a layer deletes, and images that somebody made to do harm.

import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { imageOf, type TarEntry, tarOf } from '../containers.fixture.ts';
import { ONE_USER } from '../identities.ts';
import { makePlaces, removeTree } from '../places.ts';
import { ImageStore } from './image-store.ts';
import { LayerWriter } from './layer-writer.ts';
import { unpack } from './unpack.ts';
import { BOUNDS } from './unpack-task.ts';

const base = mkdtempSync(join(tmpdir(), 'millpond-unpack-'));
after(() => removeTree(base));

const { images } = makePlaces(join(base, 'containers'));
const store = new ImageStore(images, ONE_USER);

/** The root of the image of these layers. */
async function unpacked(...layers: (readonly TarEntry[] | Buffer)[]): Promise<string> {
  const { digest } = await store.fromRegistry(imageOf(layers).registry!);
  return join(images, digest.slice('sha256:'.length), 'root');
}

const file = (path: string, content = path): TarEntry => ({ path, content });
const directory = (path: string): TarEntry => ({ path: `${path}/`, type: '5' });
const link = (path: string, linkPath: string): TarEntry => ({ path, type: '2', linkPath });
const read = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

test('a later layer replaces what is below it, and deletes what it names', async () => {
  const root = await unpacked(
    [
      file('a', '1'),
      file('b', '1'),
      directory('d'),
      file('d/old'),
      file('e/old'),
      file('e/in/old'),
      link('l', 'a'),
    ],
    [
      ...[file('a', '2'), file('.wh.b', ''), file('d', 'a file now'), file('l', 'no link')],
      ...[file('e/new'), file('e/in/new'), file('e/.wh..wh..opq', ''), file('.wh.missing', '')],
    ],
  );
  assert.equal(read(root, 'a'), '2', 'not through the link');
  assert.equal(read(root, 'd'), 'a file now');
  assert.equal(read(root, 'l'), 'no link');
  assert.deepEqual(readdirSync(root).sort(), ['a', 'd', 'e', 'l']);
  assert.deepEqual(readdirSync(join(root, 'e')).sort(), ['in', 'new']);
  assert.deepEqual(readdirSync(join(root, 'e/in')), ['new']);
});

test('layers may be plain, gzipped or compressed by Zstandard; modes, links and long names stay', async () => {
  const long = `${'long/'.repeat(60)}name`;
  const root = await unpacked(
    tarOf([
      { path: 'run', mode: 0o755 },
      { path: 'same', type: '1', linkPath: 'run' },
    ]),
    gzipSync(tarOf([file(long, 'x')])),
    zstdCompressSync(tarOf([link('to', 'run'), { path: 'device', type: '3' }, { path: 'pipe', type: '6' }])),
  );
  assert.equal(lstatSync(join(root, 'run')).mode & 0o777, 0o755);
  assert.equal(lstatSync(join(root, 'run')).ino, lstatSync(join(root, 'same')).ino);
  assert.equal(read(root, long), 'x');
  assert.equal(readlinkSync(join(root, 'to')), 'run');
  assert.deepEqual(readdirSync(root).sort(), ['long', 'run', 'same', 'to'], 'no device, no pipe');
});

test('nothing is written outside of the root, whatever links say', async () => {
  const outside = join(base, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), 'untouched');
  const up = '../'.repeat(30);
  const root = await unpacked(
    [
      ...[link('absolute', outside), link('relative', `${up}${outside}`), link('chain', 'absolute')],
      ...[link('last', join(outside, 'kept')), directory('dir')],
    ],
    [
      ...[file('absolute/new'), file('relative/too'), file('chain/kept', 'other'), file('/rooted', 'x')],
      ...[file('last', 'replaced'), file('absolute/.wh.kept', ''), file('relative/.wh..wh..opq', '')],
    ],
  );
  assert.deepEqual(readdirSync(outside), ['kept']);
  assert.equal(read(outside, 'kept'), 'untouched');
  assert.equal(read(root, 'last'), 'replaced');
  assert.equal(read(root, 'rooted'), 'x');
  assert.equal(read(root, join(outside, 'new')), 'absolute/new', 'links lead to places inside of the root');
});

for (const [what, entries, reason] of [
  ['a name with ..', [file('a/../../b')], /the path a\/\.\.\/\.\.\/b/],
  ['a hard link to this machine', [{ path: 'p', type: '1', linkPath: '/etc/passwd' }], /is no file in it/],
  ['a hard link upwards', [{ path: 'p', type: '1', linkPath: '../../etc/passwd' }], /is no file in it/],
  [
    'a hard link through a link',
    [link('e', '/etc'), { path: 'p', type: '1', linkPath: 'e/passwd' }],
    /is no file in it/,
  ],
  ['a circle of links', [link('a', 'b'), link('b', 'a'), file('a/c')], /circle of links/],
  ['a file as a directory', [file('a'), file('a/b')], /\/a is no directory/],
  ['a whiteout of its parent', [file('d/.wh..', '')], /\.wh\.\./],
] as const) {
  test(`${what} is refused, and nothing is left`, async () => {
    const before = readdirSync(images);
    await assert.rejects(unpacked(entries), reason);
    assert.deepEqual(readdirSync(images), before);
  });
}

test('a layer that is not what its manifest says is refused', async () => {
  const image = imageOf([[file('a')]]).registry!;
  const other = tarOf([file('b')]);
  const path = join(base, 'other');
  writeFileSync(path, other);
  const { layers } = JSON.parse(image.manifest.toString());
  const blob = (digest: string) => (digest === layers[0].digest ? Promise.resolve(path) : image.blob(digest));
  await assert.rejects(store.fromRegistry({ ...image, blob }), /has \d+ bytes, not \d+/);
  const padded = Buffer.alloc(layers[0].size);
  writeFileSync(path, padded);
  await assert.rejects(store.fromRegistry({ ...image, blob }), /is another one|cannot be read|broken layer/);
  await assert.rejects(
    store.fromRegistry({ ...image, digest: `sha256:${'0'.repeat(64)}` }),
    /is another one/,
  );
  const missing = () => Promise.reject(new Error('no such blob'));
  await assert.rejects(store.fromRegistry({ ...image, blob: missing }), /is missing: no such blob/);
});

for (const [what, layer] of [
  ['cut off', gzipSync(tarOf([file('a', 'x'.repeat(10_000))])).subarray(0, 60)],
  ['cut off inside of a file', tarOf([file('a', 'x'.repeat(10_000))]).subarray(0, 5_000)],
  ['no archive', Buffer.from('this is no archive'.repeat(100))],
] as const) {
  test(`a layer that is ${what} is refused`, async () => {
    await assert.rejects(unpacked(layer), /cannot be read|broken layer/);
  });
}

test('a layer may be empty', async () => {
  assert.deepEqual(readdirSync(await unpacked([file('a')], [], [file('b')])).sort(), ['a', 'b']);
});

test('what follows the end of an archive does not matter', async () => {
  const root = await unpacked(Buffer.concat([tarOf([file('a')]), Buffer.alloc(100_000, 'x')]));
  assert.deepEqual(readdirSync(root), ['a']);
});

test('an image that is too large is refused while it is unpacked, however small its layers are', async () => {
  const bomb = join(base, 'bomb');
  writeFileSync(bomb, gzipSync(tarOf([file('zeros', '\0'.repeat(50_000_000))])));
  const task = (name: string, bounds: Partial<typeof BOUNDS>) => {
    const root = join(base, name);
    mkdirSync(root);
    return unpack({ root, layers: [{ file: bomb }], bounds: { ...BOUNDS, ...bounds } });
  };
  await assert.rejects(task('bytes', { bytes: 1024 ** 2 }), /more than/);
  await assert.rejects(task('free', { freeBytes: Number.MAX_SAFE_INTEGER }), { code: 'DiskFull' });
});

test('directories that no entry names count as files', () => {
  const root = join(base, 'entries');
  mkdirSync(root);
  const writer = new LayerWriter(root, undefined, { ...BOUNDS, entries: 10 });
  const entry = { type: 'Directory', linkPath: '', mode: 0o755, uid: 0, gid: 0 };
  assert.throws(() => writer.add({ ...entry, path: 'd/'.repeat(11) }), /more than 10 files/);
});

test('an image of another platform is refused', async () => {
  const { registry } = imageOf([], {}, { os: 'linux', architecture: 's390x' });
  await assert.rejects(store.fromRegistry(registry!), /it is for linux\/s390x, not for linux\//);
});

test('what an interrupted attempt left is deleted', async () => {
  mkdirSync(join(images, `${'a'.repeat(64)}.1234`, 'root'), { recursive: true });
  await store.begin();
  assert.ok(readdirSync(images).every((name) => /^[0-9a-f]{64}$/.test(name)));
});
