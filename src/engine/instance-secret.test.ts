import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { loadInstanceSecret } from './instance-secret.ts';

const root = await mkdtemp(join(tmpdir(), 'millpond-secret-'));
after(() => rm(root, { recursive: true }));

it('creates a secret once, for its owner only', async () => {
  const dataDir = join(root, 'new', 'data');
  const [first, second] = await Promise.all([loadInstanceSecret(dataDir), loadInstanceSecret(dataDir)]);
  assert.equal(first, second);
  assert.equal(await loadInstanceSecret(dataDir), first);
  assert.equal((await stat(join(dataDir, 'secret'))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(dataDir), ['secret'], 'nothing is left behind');
  assert.notEqual(await loadInstanceSecret(join(root, 'other')), first);
});

it('refuses a damaged secret', async () => {
  const file = join(root, 'secret');
  for (const [text, what] of [
    ['x', 'is damaged'],
    ['', 'is empty'],
  ] as const) {
    await writeFile(file, text);
    const message = new RegExp(`secret ${what}.*delete the file`);
    await assert.rejects(loadInstanceSecret(root), { code: 'StateUnreadable', message });
  }
  await rm(file);
  assert.match(await loadInstanceSecret(root), /^[0-9a-f]{64}$/);
});
