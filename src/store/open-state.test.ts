// Opening a lost or damaged state from its backups.

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it, type TestContext } from 'node:test';
import { silentLog } from '../kernel/log.ts';
import { openState } from './open-state.ts';
import { keepStateBackups } from './state-backups.ts';
import { backupPath, backupsOf, superfluous } from './state-files.ts';
import { openStore, readStore, type Store } from './store.ts';

const here = { accountId: '000000000000', region: 'us-east-1' };
const NOW = Date.UTC(2026, 10, 30, 9);
const thingsOf = (store: Store) => store.collection<{ text: string }>('test/thing');

function stateFile(test: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-state-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'state.sqlite');
}

/** A closed state with `count` records, with a backup by default. */
async function stateWith(file: string, count: number, { withBackup = true } = {}): Promise<void> {
  const { store } = openState(file, NOW);
  for (let id = 0; id < count; id++) thingsOf(store).put(here, `${id}`, { text: 'x'.repeat(300) });
  const backups = keepStateBackups({ file, clock: { now: () => NOW }, log: silentLog });
  if (withBackup) await backups.save();
  await backups.stop();
  store.close();
}

const LOSSES: [name: string, lose: (file: string) => void, notice: RegExp][] = [
  ['gone', (file) => rmSync(file), /is gone/],
  ['empty', (file) => truncateSync(file, 0), /is empty/],
  ['noise', (file) => writeFileSync(file, Buffer.alloc(9_000, 'noise')), /is damaged/],
  ['cut short', (file) => truncateSync(file, Math.floor(statSync(file).size / 2)), /is damaged/],
  ['torn', (file) => alter(file, (bytes) => bytes.fill(0x55, 8_192, 40_000)), /is damaged/],
  [
    'altered inside a record',
    (file) => alter(file, (bytes) => bytes.write('"', bytes.lastIndexOf('xxxx'))),
    /records cannot be read/,
  ],
];

function alter(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

for (const [name, lose, notice] of LOSSES) {
  it(`${name}: the newest backup replaces the state, the user is told, and the old state is kept`, async (test) => {
    const file = stateFile(test);
    await stateWith(file, 200);
    lose(file);
    const wasThere = existsSync(file) && statSync(file).size > 0;
    const opened = openState(file, NOW);
    assert.equal(thingsOf(opened.store).list(here).length, 200);
    assert.match(opened.notice ?? '', notice);
    assert.match(opened.notice ?? '', /2026-11-30T09:00:00.000Z/);
    opened.store.close();
    const aside = readdirSync(join(file, '..')).filter((each) => each.includes('.damaged-'));
    assert.equal(aside.length > 0, wasThere);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const again = openState(file, NOW);
    assert.equal(again.notice, undefined);
    again.store.close();
  });
}

it('a damaged backup is skipped for an older one', async (test) => {
  const file = stateFile(test);
  await stateWith(file, 20);
  writeFileSync(backupPath(file, NOW + 5_000), 'no database');
  rmSync(file);
  const { store, notice } = openState(file, NOW);
  assert.equal(thingsOf(store).list(here).length, 20);
  assert.match(notice ?? '', /09:00:00.000Z/);
  store.close();
});

it('a damaged state without a backup stays unchanged, and the error says what to do', async (test) => {
  const file = stateFile(test);
  await stateWith(file, 1, { withBackup: false });
  writeFileSync(file, Buffer.alloc(9_000, 'noise'));
  assert.throws(() => openState(file, NOW), { code: 'StateUnreadable', message: /no backup.*move it away/ });
  assert.equal(statSync(file).size, 9_000);
});

it('opening for reading only creates no state', async (test) => {
  const file = stateFile(test);
  assert.throws(() => readStore(file), { code: 'StateUnreadable' });
  assert.ok(!existsSync(file));
  await stateWith(file, 3, { withBackup: false });
  const store = readStore(file);
  assert.equal(thingsOf(store).list(here).length, 3);
  store.close();
  truncateSync(file, 0);
  const empty = readStore(file);
  assert.throws(() => thingsOf(empty).list(here));
  empty.close();
  assert.equal(statSync(file).size, 0);
});

it('the state of a newer Millpond does not count as damaged', async (test) => {
  const file = stateFile(test);
  await stateWith(file, 1);
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 1000');
  database.close();
  assert.throws(() => openState(file, NOW), { code: 'StateUnreadable', message: /newer Millpond/ });
});

it('backs up a changed state while others write, readable by its owner only', async (test) => {
  const file = stateFile(test);
  const store = openStore(file);
  let now = NOW;
  const backups = keepStateBackups({ file, clock: { now: () => now++ }, log: silentLog });
  thingsOf(store).put(here, 'a', { text: '' });
  const saving = backups.save();
  thingsOf(store).put(here, 'b', { text: '' });
  await saving;
  assert.equal(backupsOf(file).length, 1);
  await backups.save();
  await backups.save();
  const [newest] = backupsOf(file);
  assert.equal(statSync(newest!.path).mode & 0o777, 0o600);
  const before = backupsOf(file);
  await backups.save();
  assert.deepEqual(backupsOf(file), before, 'nothing has changed');
  await backups.stop();
  store.close();
  rmSync(file);
  const opened = openState(file, NOW);
  assert.equal(thingsOf(opened.store).list(here).length, 2);
  opened.store.close();
});

it('keeps few backups, some of them old', () => {
  const minute = 60_000;
  let kept: { path: string; at: number }[] = [];
  for (let at = 0; at < 20 * 24 * 60 * minute; at += 10 * minute) {
    kept.unshift({ path: `${at}`, at });
    const gone = new Set(superfluous(kept, at));
    kept = kept.filter((each) => !gone.has(each));
    assert.ok(kept.length <= 4);
  }
  const ages = kept.map(({ at }) => (kept[0]!.at - at) / minute);
  assert.equal(ages[0], 0);
  assert.ok(ages.at(-1)! > 24 * 60, `${ages}`);
});
