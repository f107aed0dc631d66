// The floor of DynamoDB's benchmark: the same rows written and read by bare node:sqlite, with the same settings. Reports
// the processor time of a put and of a get, in microseconds: `sqlite-floor.ts COUNT`; the item comes over IPC.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Microseconds of processor time. */
export interface SqliteFloor {
  putUs: number;
  getUs: number;
}

const count = Number(process.argv[2]);
const [item] = (await once(process, 'message')) as [string];
const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-sqlite-'));
const database = new DatabaseSync(join(directory, 'items.sqlite'));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE items (key BLOB PRIMARY KEY, item TEXT NOT NULL) WITHOUT ROWID`);
const put = database.prepare(
  'INSERT INTO items VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET item = excluded.item',
);
const get = database.prepare('SELECT item FROM items WHERE key = ?');
const keys = Array.from({ length: 500 }, (_, key) => Buffer.from(`key-${key}`));

function measured(work: (key: Buffer) => void): number {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) work(keys[index % keys.length]!);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const put1 = (key: Buffer) => void put.run(key, item);
const get1 = (key: Buffer) => void get.get(key);
measured(put1);
const floor: SqliteFloor = { putUs: measured(put1), getUs: measured(get1) };
database.close();
rmSync(directory, { recursive: true, force: true });
process.send!(floor);
process.disconnect();
