// The schema of the database, as an append-only list of migration steps. `user_version` counts the steps that are done.

import type { DatabaseSync } from 'node:sqlite';
import { OperationalError } from '../kernel/errors.ts';
import { nameLayersWithCode } from './migrate-layers.ts';
import { COUNT_STORED_BYTES, NUMBER_LOG_STREAMS } from './migrate-log-groups.ts';
import { moveToOutbox } from './migrate-outbox.ts';

type Step = string | ((database: DatabaseSync) => void);

/** `/name` and `name` are the same parameter, stored as `name`. */
export const ROOT_PARAMETERS_WITHOUT_SLASH = `UPDATE OR IGNORE documents SET id = substr(id, 2)
   WHERE kind = 'ssm/parameter' AND id LIKE '/%' AND instr(substr(id, 2), '/') = 0;`;

/** The steps in order: SQL, or a function. */
export const STEPS: readonly Step[] = [
  `CREATE TABLE documents (
     kind TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL,
     PRIMARY KEY (kind, account, region, id)
   ) WITHOUT ROWID;
   CREATE TABLE events (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL, service TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, value TEXT NOT NULL
   );
   CREATE INDEX events_by_time ON events (service, account, region, at);`,
  `CREATE TABLE metrics (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     account TEXT NOT NULL, region TEXT NOT NULL, identity TEXT NOT NULL, last_put_at INTEGER NOT NULL
   );
   CREATE TABLE metric_journal (
     sequence INTEGER PRIMARY KEY, bucket INTEGER NOT NULL, points BLOB NOT NULL
   );
   CREATE INDEX metric_journal_by_bucket ON metric_journal (bucket);
   CREATE TABLE metric_blocks (
     bucket INTEGER NOT NULL, resolution INTEGER NOT NULL, start INTEGER NOT NULL,
     bytes INTEGER NOT NULL, points BLOB NOT NULL,
     PRIMARY KEY (bucket, resolution, start)
   );
   CREATE INDEX metric_blocks_by_age ON metric_blocks (start, resolution);`,
  `CREATE TABLE document_keys (
     kind TEXT NOT NULL, name TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
     key TEXT NOT NULL, id TEXT NOT NULL,
     PRIMARY KEY (kind, name, account, region, key, id)
   ) WITHOUT ROWID;
   CREATE INDEX document_keys_by_id ON document_keys (kind, account, region, id);
   CREATE TABLE document_indexes (kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;`,
  nameLayersWithCode,
  // The bytes of small objects. The current version of an object is no longer stored twice.
  `CREATE TABLE s3_contents (row INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
   DELETE FROM documents WHERE kind = 's3/version' AND EXISTS (
     SELECT 1 FROM documents AS current
     WHERE current.kind = 's3/object' AND current.account = documents.account AND current.region = documents.region
       AND current.id = substr(documents.id, 1, length(documents.id) - 15)
       AND json_extract(current.value, '$.sequence') = json_extract(documents.value, '$.sequence')
   );`,
  COUNT_STORED_BYTES,
  // Twice by mistake, which changes nothing; states count their steps, so it stays.
  ROOT_PARAMETERS_WITHOUT_SLASH,
  ROOT_PARAMETERS_WITHOUT_SLASH,
  moveToOutbox,
  // Log events are in files; their old documents move when CloudWatch Logs is loaded.
  NUMBER_LOG_STREAMS,
];

/**
 * Runs the steps that are missing. Throws StateUnreadable for a newer Millpond's state. Tests pass fewer steps to
 * create the state of an earlier version.
 */
export function migrate(database: DatabaseSync, steps = STEPS): void {
  const done = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (done > steps.length) {
    throw new OperationalError(
      'StateUnreadable',
      'The state was written by a newer Millpond; use that version or another --data-dir.',
    );
  }
  for (let step = done; step < steps.length; step++) {
    const change = steps[step]!;
    database.exec('BEGIN');
    if (typeof change === 'string') database.exec(change);
    else change(database);
    database.exec(`PRAGMA user_version = ${step + 1}; COMMIT`);
  }
}
