// Tests that the events of an earlier version's state are found after the update, and that new ones follow them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ownLogs } from '../../../test/support/logs.ts';
import { NUMBER_LOG_STREAMS } from '../../store/migrate-log-groups.ts';
import { migrate, STEPS } from '../../store/migrations.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';

const NOW = Date.UTC(2026, 0, 15);
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
/** The steps before log events were in files. */
const STEPS_BEFORE = STEPS.indexOf(NUMBER_LOG_STREAMS);

test('events that were stored in documents move into files', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-import-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'state.sqlite');
  const database = new DatabaseSync(file);
  migrate(database, STEPS.slice(0, STEPS_BEFORE));
  const insert = database.prepare("INSERT INTO documents VALUES (?, '000000000000', 'us-east-1', ?, ?)");
  const put = (kind: string, id: string, value: object) => void insert.run(kind, id, JSON.stringify(value));
  put('logs/group', 'g', { name: 'g', createdAt: 1, logGroupClass: 'STANDARD', storedBytes: 99, tags: {} });
  const stream = { group: 'g', name: 's', createdAt: 1, firstEventAt: NOW, lastEventAt: NOW + 11 };
  put('logs/stream', 'g:s', { ...stream, firstChunk: 0, lastChunk: 11, nextSequence: 12, storedBytes: 99 });
  for (let number = 0; number < 12; number++) {
    const event = { sequence: number, at: NOW + number, ingestedAt: NOW, message: `event ${number}` };
    put('logs/chunk', `g:s:${number}`, { bytes: 33, events: [event] });
  }
  database.close();

  const store = openStore(file);
  const logs = await ownLogs({ clock: { now: () => NOW }, store });
  test.after(async () => {
    await logs.stop();
    store.close();
  });
  const client = createClient<Sdk>('logs', { inProcess: logs.service });
  const names = { logGroupName: 'g', logStreamName: 's' };
  const logEvents = [{ timestamp: NOW + 12, message: 'event 12' }];
  await client.call('PutLogEvents', { ...names, logEvents }, SCOPE);
  const { events } = await client.call('GetLogEvents', { ...names, startFromHead: true }, SCOPE);
  assert.deepEqual(
    events!.map(({ message }) => message),
    Array.from({ length: 13 }, (_, index) => `event ${index}`),
  );
  assert.equal(store.collection('logs/chunk').count(SCOPE), 0);
  const { logGroups } = await client.call('DescribeLogGroups', {}, SCOPE);
  assert.ok(logGroups![0]!.storedBytes! > 13 * 26);
});
