// The database's shape, as a list of steps that only grows. `user_version` counts the steps done.

import type { DatabaseSync } from 'node:sqlite';
import { OperationalError } from '../kernel/errors.ts';

const STEPS = [
  `CREATE TABLE documents (
     kind TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL,
     PRIMARY KEY (kind, account, region, id)
   ) WITHOUT ROWID;
   CREATE TABLE events (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL, service TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, value TEXT NOT NULL
   );
   CREATE INDEX events_by_time ON events (service, account, region, at);`,
];

export function migrate(database: DatabaseSync): void {
  const done = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (done > STEPS.length) {
    throw new OperationalError(
      'StateUnreadable',
      'The state was written by a newer Millpond; use that version or another --data-dir.',
    );
  }
  for (let step = done; step < STEPS.length; step++) {
    database.exec(`BEGIN; ${STEPS[step]}; PRAGMA user_version = ${step + 1}; COMMIT`);
  }
}
