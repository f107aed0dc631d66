import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PYTHON, WITHOUT_PYTHON_CLIENTS } from '../../../test/support/outside-clients.ts';
import { archiveOf } from './archive.ts';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'millpond-archive-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

const LIST =
  'import sys, zipfile\nfor e in zipfile.ZipFile(sys.argv[1]).infolist(): print(e.filename, oct(e.external_attr >> 16), e.file_size)';

async function listed(t: TestContext, archive: Buffer): Promise<string> {
  const file = join(await folder(t), 'a.zip');
  await writeFile(file, archive);
  return execFileSync(PYTHON, ['-c', LIST, file], { encoding: 'utf8' });
}

test('a folder becomes an archive of its files, identical for identical files', {
  skip: WITHOUT_PYTHON_CLIENTS,
}, async (t) => {
  const path = await folder(t);
  await mkdir(join(path, 'inner/empty'), { recursive: true });
  await writeFile(join(path, 'inner/b.txt'), 'bb');
  await writeFile(join(path, 'run'), '#!/bin/sh');
  await chmod(join(path, 'run'), 0o700);
  await symlink('inner/b.txt', join(path, 'a link'));
  const archive = await archiveOf(path);
  assert.equal(await listed(t, archive), 'a link 0o100644 2\ninner/b.txt 0o100644 2\nrun 0o100755 9\n');
  await utimes(join(path, 'run'), 1, 1);
  assert.deepEqual(await archiveOf(path), archive);
  await writeFile(join(path, 'inner/b.txt'), 'bc');
  assert.notDeepEqual(await archiveOf(path), archive);
});

test('a single file is packed, and an archive stays as it is', {
  skip: WITHOUT_PYTHON_CLIENTS,
}, async (t) => {
  const file = join(await folder(t), 'index.mjs');
  await writeFile(file, 'x');
  const archive = await archiveOf(file);
  assert.equal(await listed(t, archive), 'index.mjs 0o100644 1\n');
  await writeFile(`${file}.whatever`, archive);
  assert.deepEqual(await archiveOf(`${file}.whatever`), archive);
});

test('an unpackable path is reported in a sentence', async (t) => {
  const path = await folder(t);
  const refused = (target: string, message: RegExp) =>
    assert.rejects(archiveOf(join(path, target)), { code: 'InvalidOption', message });
  await mkdir(join(path, 'empty'));
  await refused('empty', /empty is an empty folder\.$/);
  await refused('none', /^There is no .*\/none\.$/);
  await mkdir(join(path, 'loop'));
  await symlink('..', join(path, 'loop/up'));
  await refused('loop', /up\/loop is a link to a folder that contains it\./);
  await mkdir(join(path, 'broken'));
  await symlink('nowhere', join(path, 'broken/link'));
  await refused('broken', /^There is no .*\/broken\/link\.$/);
});
