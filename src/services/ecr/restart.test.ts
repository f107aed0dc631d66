// What a start finds after a kill at any instant: content without a record, uploads without one, and the contents of a
// repository that was being deleted.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { openRecords } from './records.ts';
import { createEcr } from './service.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const HEX = { kept: '0a'.repeat(32), unused: '0b'.repeat(32), deleted: '0c'.repeat(32) };

it('a start deletes what no record refers to, and keeps the rest', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-ecr-restart-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const store = openStore(':memory:');
  const records = openRecords(store);
  for (const hex of Object.values(HEX)) {
    mkdirSync(join(directory, 'blobs', 'sha256', hex.slice(0, 2)), { recursive: true });
    writeFileSync(join(directory, 'blobs', 'sha256', hex.slice(0, 2), hex), 'x');
  }
  writeFileSync(join(directory, 'blobs', 'sha256', '0a', `${HEX.kept}.0011aabb`), 'half of a manifest');
  mkdirSync(join(directory, 'uploads'));
  for (const id of ['with-record', 'without']) writeFileSync(join(directory, 'uploads', id), 'x');
  const layer = (repository: string, hex: string) =>
    records.layers.put(SCOPE, `${repository}/sha256:${hex}`, {
      repository,
      digest: `sha256:${hex}`,
      size: 1,
    });
  layer('here', HEX.kept);
  layer('gone', HEX.deleted);
  records.tags.put(SCOPE, 'gone/a', { repository: 'gone', tag: 'a', digest: 'sha256:x', pushedAt: 0 });
  records.deleted.put(SCOPE, 'gone', {});
  const startedAt = Date.now();
  records.uploads.put(SCOPE, 'with-record', { id: 'with-record', repository: 'here', startedAt });
  const ecr = createEcr({
    ...{ store, clock: { now: () => startedAt }, log: silentLog, secret: '', directory },
    baseUrl: () => '',
  });
  await ecr.start();
  await ecr.sweep();
  await ecr.stop();
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  assert.deepEqual(files.sort(), [HEX.kept, 'with-record'].sort());
  assert.deepEqual([records.tags.listAll(), records.deleted.listAll()], [[], []]);
  assert.equal(records.layers.listAll().length, 1);
});
