// Tests the bounds of stored events: of one group, of all groups, and of time.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { appendThrough } from '../../../test/support/append-logs.ts';
import { ownLogs } from '../../../test/support/logs.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';

const MIB = 2 ** 20;
const NOW = Date.UTC(2026, 0, 15);
const DAY_MS = 86_400_000;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const KILOBYTE = 'x'.repeat(1000);

async function open(test: TestContext, bounds: { groupBytes: number; allBytes: number }) {
  const clock = { at: NOW, now: () => clock.at };
  const logs = await ownLogs({ clock, bounds, longestQueryMs: 500 });
  test.after(logs.stop);
  const client = createClient<Sdk>('logs', { inProcess: logs.service });
  return {
    ...{ logs, client, clock },
    /** About a megabyte. */
    append: (group: string, at = NOW) =>
      appendThrough(client)(
        SCOPE,
        group,
        's',
        Array.from({ length: 1000 }, () => ({ at, message: KILOBYTE })),
      ),
    async storedBytes(group: string) {
      const { logGroups } = await client.call('DescribeLogGroups', { logGroupNamePrefix: group }, SCOPE);
      return logGroups![0]!.storedBytes!;
    },
    files: async () =>
      (await readdir(logs.directory, { recursive: true })).filter((name) => name.includes('.')),
  };
}

test('a group keeps its latest events', async (test) => {
  const { append, storedBytes, files } = await open(test, { groupBytes: 9 * MIB, allBytes: 100 * MIB });
  for (let round = 0; round < 30; round++) {
    await append('g');
    assert.ok((await storedBytes('g')) <= 9 * MIB);
  }
  assert.ok((await storedBytes('g')) > 4 * MIB);
  while ((await files()).length > 4) await setImmediate();
});

test('all groups together keep the latest events', async (test) => {
  const { append, storedBytes } = await open(test, { groupBytes: 100 * MIB, allBytes: 12 * MIB });
  for (let round = 0; round < 9; round++) await append('old', NOW - DAY_MS);
  for (let round = 0; round < 9; round++) await append('new');
  while ((await storedBytes('old')) + (await storedBytes('new')) > 12 * MIB) await setImmediate();
  assert.ok((await storedBytes('new')) > 8 * MIB);
});

test('expired events are deleted with their files', async (test) => {
  const { append, storedBytes, client, clock, files } = await open(test, {
    groupBytes: 100 * MIB,
    allBytes: 100 * MIB,
  });
  for (let round = 0; round < 6; round++) await append('g');
  clock.at += 2 * DAY_MS;
  await client.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 }, SCOPE);
  assert.equal(await storedBytes('g'), 0);
  while ((await files()).length > 0) await setImmediate();
});

test('a query that takes too long ends, and so does its thread', async (test) => {
  const { client } = await open(test, { groupBytes: 100 * MIB, allBytes: 100 * MIB });
  await appendThrough(client)(SCOPE, 'g', 's', [{ at: NOW, message: `${'a'.repeat(60)}!` }]);
  const range = { logGroupName: 'g', startTime: 0, endTime: NOW / 1000 };
  const run = async (queryString: string) => {
    const { queryId = '' } = await client.call('StartQuery', { ...range, queryString }, SCOPE);
    for (;;) {
      const { status, results } = await client.call('GetQueryResults', { queryId }, SCOPE);
      if (status !== 'Running' && status !== 'Scheduled') return { status, count: results!.length };
      await setImmediate();
    }
  };
  // More than there are threads.
  const hostile = ['(a+)+$', '(a|a)*$', '(a*)*$'].map((pattern) => run(`filter @message like /^${pattern}/`));
  assert.deepEqual(
    await Promise.all(hostile),
    hostile.map(() => ({ status: 'Timeout', count: 0 })),
  );
  // On a busy machine the start of a thread alone may take that long.
  while ((await run('fields @message')).status !== 'Complete') await setImmediate();
});
