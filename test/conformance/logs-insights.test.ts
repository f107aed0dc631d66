// CloudWatch Logs Insights as the SDK for JavaScript, the AWS CLI and boto3 see it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CloudWatchLogs, type StartQueryCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { silentLog } from '../../src/kernel/log.ts';
import type { Sdk } from '../../src/services/logs/sdk.ts';
import { createClient } from '../../src/wire/client.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { appendThrough } from '../support/append-logs.ts';
import { type OwnLogs, ownLogs } from '../support/logs.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const SECONDS = NOW / 1000;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const GROUP = '/aws/lambda/app';
const REQUEST = '8f507cfc-0000-4000-8000-00000000000';

let logs: OwnLogs;
let server: WireServer;
let client: CloudWatchLogs;

before(async () => {
  logs = await ownLogs({ clock: { now: () => NOW } });
  server = await startWireServer({
    services: [logs.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new CloudWatchLogs({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await append(GROUP, 'a', [
    [-60_000, `START RequestId: ${REQUEST}1 Version: $LATEST`],
    [-60_000, JSON.stringify({ type: 'ECL', requestId: `${REQUEST}1`, connection: 0.5, write: 1, read: 4 })],
    [
      -59_000,
      `REPORT RequestId: ${REQUEST}1\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 99.5 ms\t`,
    ],
    [-20_000, JSON.stringify({ type: 'ECL', requestId: `${REQUEST}2`, connection: 0.7, write: 3, read: 8 })],
  ]);
  await append(GROUP, 'b', [
    [
      -10_000,
      JSON.stringify({
        type: 'ECL',
        requestId: `${REQUEST}3`,
        write: 2,
        read: 6,
        cold: true,
        at: { x: [1, 2] },
      }),
    ],
    [-5_000, 'plain text with user=ann, method:get, latency := 15'],
  ]);
});

after(async () => {
  client?.destroy();
  await server?.stop();
  await logs?.stop();
});

const append = (group: string, stream: string, events: [offset: number, message: string][]) =>
  appendThrough(createClient<Sdk>('logs', { inProcess: logs.service }))(
    SCOPE,
    group,
    stream,
    events.map(([offset, message]) => ({ at: NOW + offset, message })),
  );

/** Runs a query to its end. */
async function run(queryString: string, input: Partial<StartQueryCommandInput> = { logGroupName: GROUP }) {
  const { queryId } = await client.startQuery({
    ...{ startTime: SECONDS - 3600, endTime: SECONDS, queryString },
    ...input,
  });
  for (;;) {
    const found = await client.getQueryResults({ queryId });
    if (found.status !== 'Scheduled' && found.status !== 'Running') return { ...found, queryId: queryId! };
    await setImmediate();
  }
}

/** The rows as objects, without pointers. */
async function rows(queryString: string, input?: Partial<StartQueryCommandInput>) {
  const { results } = await run(queryString, input);
  return results!.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field, value }) => [field, value])),
  );
}

describe('the walkthrough', () => {
  it('the latest events', async () => {
    const { results, statistics, status } = await run(
      'fields @timestamp, @message | sort @timestamp desc | limit 2',
    );
    assert.equal(status, 'Complete');
    assert.deepEqual(
      results!.map((row) => row.map(({ field }) => field)),
      [
        ['@timestamp', '@message', '@ptr'],
        ['@timestamp', '@message', '@ptr'],
      ],
    );
    assert.deepEqual(
      results!.map(([time]) => time!.value),
      ['2026-01-15 11:59:55.000', '2026-01-15 11:59:50.000'],
    );
    assert.equal(statistics!.recordsMatched, 6);
    assert.equal(statistics!.recordsScanned, 6);
    assert.ok(statistics!.bytesScanned! > 600);
  });

  it('the query of its dashboard, with columns named by their text', async () => {
    const found = await run(
      `SOURCE '${GROUP}' | filter type = "ECL"\n| stats count(requestId), avg(write), max(write), min(write), pct(write, 50), pct(write, 90), pct(write, 95) by bin(30s)`,
      {},
    );
    assert.deepEqual(
      found.results!.map((row) => row.map(({ field, value }) => [field, value])),
      [
        [
          ['bin(30s)', '2026-01-15 11:59:30.000'],
          ['count(requestId)', '2'],
          ['avg(write)', '2.5'],
          ['max(write)', '3'],
          ['min(write)', '2'],
          ['pct(write, 50)', '2.5'],
          ['pct(write, 90)', '2.9'],
          ['pct(write, 95)', '2.95'],
        ],
        [
          ['bin(30s)', '2026-01-15 11:59:00.000'],
          ['count(requestId)', '1'],
          ['avg(write)', '1'],
          ['max(write)', '1'],
          ['min(write)', '1'],
          ['pct(write, 50)', '1'],
          ['pct(write, 90)', '1'],
          ['pct(write, 95)', '1'],
        ],
      ],
    );
  });
});

describe('the language', () => {
  it('discovers the fields of JSON and of Lambda’s lines', async () => {
    assert.deepEqual(
      await rows(
        'filter @type = "REPORT" | fields @duration, @billedDuration, @memorySize, @maxMemoryUsed, greatest(@initDuration, 0) + @duration as total, @requestId, @logStream, @log',
      ),
      [
        {
          ...{ '@duration': '12.5', '@billedDuration': '13', '@memorySize': '128000000' },
          ...{ '@maxMemoryUsed': '64000000', total: '112', '@requestId': `${REQUEST}1` },
          ...{ '@logStream': 'a', '@log': `000000000000:${GROUP}` },
        },
      ],
    );
    assert.deepEqual(await rows('filter cold = 1 | display at.x.1, cold'), [{ 'at.x.1': '2', cold: '1' }]);
  });

  it('parses by glob and by regular expression', async () => {
    const expected = [{ user: 'ann', method: 'get', latency: '15' }];
    const shown = 'filter ispresent(user) | display user, method, latency';
    assert.deepEqual(
      await rows(`parse @message "user=*, method:*, latency := *" as user, method, latency | ${shown}`),
      expected,
    );
    assert.deepEqual(
      await rows(
        `parse @message /user=(?<user>.*?), method:(?<method>.*?), latency := (?<latency>\\d+)/ | ${shown}`,
      ),
      expected,
    );
  });
});
