// The states of queries: what a client sees of one that needs too much memory.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../../test/faults/wait.ts';
import { ownLogs } from '../../../../test/support/logs.ts';
import { SCOPE } from '../../../../test/support/resource-types.ts';
import { recordingLog } from '../../../../test/support/wire.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { createClient } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';

test('a query that needs too much memory fails, the log says why, and its thread serves the next one', async (test) => {
  const { log, warnings } = recordingLog();
  const { service, stop } = await ownLogs({ clock: systemClock, log });
  test.after(stop);
  const logs = createClient<Sdk>('logs', { inProcess: service });
  const logGroupName = 'g';
  await logs.call('CreateLogGroup', { logGroupName }, SCOPE);
  await logs.call('CreateLogStream', { logGroupName, logStreamName: 's' }, SCOPE);
  const timestamp = Date.now();
  const logEvents = [{ timestamp, message: 'x'.repeat(100_000) }];
  await logs.call('PutLogEvents', { logGroupName, logStreamName: 's', logEvents }, SCOPE);
  const statusOf = async (queryString: string) => {
    const range = { startTime: Math.floor(timestamp / 1000) - 60, endTime: Math.ceil(timestamp / 1000) + 60 };
    const { queryId } = await logs.call('StartQuery', { logGroupName, queryString, ...range }, SCOPE);
    const status = async () => (await logs.call('GetQueryResults', { queryId: queryId! }, SCOPE)).status!;
    await until('the query has ended', 30_000, async () => !/Scheduled|Running/.test(await status()));
    return status();
  };
  const hundred = Array.from({ length: 100 }, () => '@message').join(', ');
  assert.equal(await statusOf(`fields concat(${hundred}) as long`), 'Failed');
  assert.match(warnings.map(({ message }) => message).join(), /needs too much memory/);
  assert.equal(await statusOf('stats count(*)'), 'Complete');
});
