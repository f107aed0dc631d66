// Millpond distinguishes the files that it created in a data directory from all others.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { NodeDirectory } from '../drivers/local/node-directory.ts';
import { deleteOwn, narrowModes } from './own-files.ts';

const HASH = 'ab'.repeat(32);
const BLOB = 'cd'.repeat(16);
const NODE = 'nodes/us-east-1/000000000000/group-001';
const OWN = [
  'millpond.lock',
  'millpond.json',
  'millpond.log',
  'millpond.log.1',
  'state.sqlite',
  'state.sqlite-wal',
  'state.sqlite-shm',
  'secret',
  'containers/ids.json',
  'address-block',
  'stand-in.json',
  'stand-in.json.new',
  'tls/ca.pem',
  'tls/ca-key.pem',
  'tls/server.pem',
  'tls/server-key.pem.new',
  `s3/blobs/cd/${BLOB}`,
  `s3/incoming/${BLOB}`,
  `lambda/code/${HASH}/package.zip`,
  `lambda/code/${HASH}.01234567-89ab-cdef-0123-456789abcdef/package.zip`,
  `${NODE}/engine.conf`,
  `${NODE}/process.json`,
  `${NODE}/engine.log`,
  `${NODE}/engine.log.1`,
  `${NODE}/dump.rdb`,
  `${NODE}/nodes.conf`,
  `${NODE}/temp-12.rdb`,
  `${NODE}/appendonlydir/appendonly.aof.1.base.rdb`,
];
const SEEN_BY_FUNCTIONS = [
  'tls/bundle.pem',
  'functions/files/0',
  `lambda/code/${HASH}/content/lib/index.js`,
  'functions/environments/0123/tmp/whatever',
  `containers/files/images/${HASH}/root/etc/passwd`,
  'containers/files/roots/0123/upper/tmp/whatever',
  'containers/files/volumes/0123/whatever',
  'containers/files/tools/env',
  'containers/runs/0123/output/000000',
  'functions/python3.12/bin/python3',
];
const STRANGERS = [
  'letter.txt',
  'secret-recipe.txt',
  'state-of-the-art.md',
  'nodes-old/dump.rdb',
  'nodes/README',
  'nodes/us-east-1/README',
  'nodes/us-east-1/000000000000/README',
  `${NODE}/my-copy.rdb`,
  `${NODE}/dump.rdb.bak`,
  `${NODE}/engine.conf.mine`,
  's3/mine',
  's3/blobs/mine',
  's3/blobs/cd/mine',
  'lambda/mine.zip',
  'lambda/code/mine.zip',
  'containers/mine',
  'containers/files/mine',
  'functions/notes/today.txt',
  'tls/mine.pem',
];

function place(context: TestContext, files: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-own-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), file);
  }
  return directory;
}

const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();

it('deletes what Millpond created, and the directories that become empty', async (context) => {
  const directory = place(context, [...OWN, ...SEEN_BY_FUNCTIONS]);
  assert.deepEqual(await deleteOwn(directory, { later: new Set(['millpond.lock']) }), []);
  assert.deepEqual(readdirSync(directory), ['millpond.lock']);
});

it('deletes directories that not even their owner may change', async (context) => {
  const directory = place(context, ['containers/files/roots/0123/work/work/file']);
  for (const inner of ['work/work', 'work']) {
    chmodSync(join(directory, 'containers/files/roots/0123', inner), 0);
  }
  assert.deepEqual(await deleteOwn(directory), []);
  assert.deepEqual(readdirSync(directory), []);
});

it('leaves all other files and names them, at every depth', async (context) => {
  const directory = place(context, [...OWN, ...SEEN_BY_FUNCTIONS, ...STRANGERS]);
  const left = await deleteOwn(directory);
  assert.deepEqual(filesIn(directory), [...STRANGERS].sort());
  for (const path of left)
    assert.ok(
      STRANGERS.some((file) => `${file}/`.startsWith(`${path}/`)),
      path,
    );
  assert.equal(left.length, STRANGERS.length);
});

it('deletes the directory of a node except for other files in it', async (context) => {
  const directory = place(context, [`${NODE}/dump.rdb`, `${NODE}/engine.log`, `${NODE}/my-copy.rdb`]);
  const node = new NodeDirectory(join(directory, 'nodes'), NODE.slice('nodes/'.length));
  await node.remove();
  assert.deepEqual(filesIn(directory), [`${NODE}/my-copy.rdb`]);
  rmSync(join(directory, NODE, 'my-copy.rdb'));
  await node.remove();
  assert.deepEqual(readdirSync(join(directory, 'nodes')), []);
});

it('deletes the socket of a node, but not a file with that name', async (context) => {
  const directory = place(context, [`${NODE}/engine.log`]);
  const other = place(context, [`${NODE}/engine.sock`]);
  const server = createServer().listen({ path: join(directory, NODE, 'engine.sock') });
  await once(server, 'listening');
  context.after(() => server.close());
  assert.deepEqual(await deleteOwn(directory), []);
  assert.deepEqual(readdirSync(directory), []);
  assert.equal((await deleteOwn(other)).length, 1);
});

it('follows no links, and does not mistake a directory for a file', async (context) => {
  const elsewhere = place(context, ['us-east-1/000000000000/group-001/dump.rdb']);
  const directory = place(context, ['secret/mine']);
  symlinkSync(elsewhere, join(directory, 'nodes'));
  assert.deepEqual((await deleteOwn(directory)).sort(), ['nodes', 'secret']);
  chmodSync(elsewhere, 0o755);
  await narrowModes(directory);
  assert.equal(statSync(elsewhere).mode & 0o777, 0o755);
  assert.equal(filesIn(elsewhere).length, 1);
});

it('takes other users’ permissions from what Millpond created, and changes nothing else', async (context) => {
  const directory = place(context, [...OWN, ...SEEN_BY_FUNCTIONS, ...STRANGERS]);
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  for (const path of paths) chmodSync(join(directory, path), 0o777);
  chmodSync(directory, 0o755);
  assert.deepEqual(await narrowModes(directory), []);
  const modeOf = (path: string) => statSync(join(directory, path)).mode & 0o777;
  for (const path of OWN) {
    for (let each = path; each !== '.'; each = dirname(each)) assert.equal(modeOf(each), 0o700, each);
  }
  for (const path of [...SEEN_BY_FUNCTIONS, ...STRANGERS]) assert.equal(modeOf(path), 0o777, path);
  assert.equal(modeOf('.'), 0o755);
});
