import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DiskReserve } from './disk-reserve.ts';

test('the reserve is given up once, and taken again some commits later', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-reserve-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'state.sqlite.reserve');
  const reserve = new DiskReserve(file);
  assert.deepEqual([statSync(file).size, statSync(file).mode & 0o777], [1024 * 1024, 0o600]);
  const { mtimeMs } = statSync(file);
  new DiskReserve(file);
  assert.equal(statSync(file).mtimeMs, mtimeMs, 'the next run keeps it');
  reserve.release();
  assert.equal(existsSync(file), false);
  for (let commits = 0; commits < 100; commits++) reserve.committed();
  assert.equal(existsSync(file), false);
  reserve.committed();
  assert.equal(existsSync(file), true);
});

test('a directory that cannot be written has no reserve', () => {
  const reserve = new DiskReserve('/proc/none/state.sqlite.reserve');
  reserve.release();
  reserve.committed();
});
