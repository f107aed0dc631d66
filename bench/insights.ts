// Log events: what storing one costs, and how fast Insights scans a million of them, beside floors of the same run.

import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../src/kernel/clock.ts';
import type { Sdk } from '../src/services/logs/sdk.ts';
import { createLogs, type LogsService } from '../src/services/logs/service.ts';
import { openStore, type Store } from '../src/store/store.ts';
import { type Client, createClient } from '../src/wire/client.ts';
import type { Bench } from './context.ts';
import { type JudgedRow, p50, row } from './row.ts';

const BATCH = 1_000;
const STREAMS = 4;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const GROUP = '/aws/lambda/bench';
const STATISTICS = 'stats avg(write), max(read), count(type) by bin(5m)';
const PATTERN = 'filter @message like /99[0-9]+.*"read":0[.][0-9]*7/ | stats count(*)';

/** One run of the service over the same files. */
interface Run {
  logs: LogsService;
  client: Client<Sdk>;
}

/** Rows of processor time, queries and memory. */
export async function measureInsights(bench: Bench): Promise<JudgedRow[]> {
  const events = bench.rounds(1_000_000, 200_000);
  const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-logs-'));
  const store = openStore(join(directory, 'state.sqlite'));
  let run = await open(store, directory);
  bench.own({
    async stop() {
      await run.logs.stop();
      store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  });
  const reopen = async () => {
    await run.logs.stop();
    run = await open(store, directory);
  };
  bench.say(`insights: storing ${events} events`);
  const stored = await storeEvents(run.client, events);
  bench.say('insights: settling');
  await settled(directory);
  const floors = await floorsOf(directory, Math.min(events, 200_000));
  const statistics: number[] = [];
  const patterns: number[] = [];
  let memory = 0;
  const rounds = bench.rounds(5, 3);
  for (let round = 1; round <= rounds; round++) {
    bench.say(`insights: queries ${round} of ${rounds}`);
    for (const [query, times] of [
      [STATISTICS, statistics],
      [PATTERN, patterns],
    ] as const) {
      await reopen();
      const { tookMs, grownMb } = await queried(run.client, query);
      times.push(tookMs);
      memory = Math.max(memory, grownMb);
    }
  }
  const perSecond = (ms: number) => Math.round(events / (ms / 1000));
  const parsedMs = floors.parseUs * (events / 1000);
  return [
    row(`storing a log event, in batches of ${BATCH}`, stored, 'µs', {
      floor: floors.appendUs,
      target: { atMost: 10 },
    }),
    row(`statistics of 3 fields of ${events} events, cold`, p50(statistics), 'ms', {
      floor: parsedMs,
      target: { atMost: events / 1000 },
    }),
    row('events scanned by statistics', perSecond(p50(statistics)), 'events/s', {
      floor: perSecond(parsedMs),
    }),
    row(`a regular expression over ${events} events, cold`, p50(patterns), 'ms', {
      floor: parsedMs,
      target: { atMost: events / 500 },
    }),
    row('memory while a query runs, above that without', memory, 'MB', { target: { atMost: 300 } }),
  ];
}

async function open(store: Store, directory: string): Promise<Run> {
  const logs = createLogs({ store, clock: systemClock, directory: join(directory, 'logs') });
  await logs.start();
  return { logs, client: createClient<Sdk>('logs', { inProcess: logs.service }) };
}

const messageOf = (index: number): string =>
  JSON.stringify({
    ...{ type: 'ECL', requestId: `8f507cfc-0000-4000-8000-${String(index).padStart(12, '0')}` },
    ...{ connection: Math.random(), write: Math.random(), read: Math.random() },
  });

/** Microseconds for each event. */
async function storeEvents(client: Client<Sdk>, count: number): Promise<number> {
  await client.call('CreateLogGroup', { logGroupName: GROUP }, SCOPE);
  for (let stream = 0; stream < STREAMS; stream++) {
    await client.call('CreateLogStream', { logGroupName: GROUP, logStreamName: `s${stream}` }, SCOPE);
  }
  const startAt = Date.now() - 3_600_000;
  let spentMs = 0;
  for (let first = 0; first < count; first += BATCH) {
    const timestamp = startAt + first * 3;
    const logEvents = Array.from({ length: BATCH }, (_, index) => ({
      timestamp,
      message: messageOf(first + index),
    }));
    const logStreamName = `s${(first / BATCH) % STREAMS}`;
    const before = performance.now();
    await client.call('PutLogEvents', { logGroupName: GROUP, logStreamName, logEvents }, SCOPE);
    spentMs += performance.now() - before;
  }
  return (1000 * spentMs) / count;
}

/** Until only the open segment consists of lines. */
async function settled(directory: string): Promise<void> {
  const files = () => readdirSync(join(directory, 'logs'), { recursive: true, encoding: 'utf8' });
  while (files().filter((name) => name.endsWith('.lines')).length > 1) await delay(100);
}

/** What an event costs without Millpond: appended to a file as a line, and parsed as JSON. Microseconds. */
async function floorsOf(directory: string, count: number): Promise<{ appendUs: number; parseUs: number }> {
  const messages = Array.from({ length: count }, (_, index) => messageOf(index));
  const file = openSync(join(directory, 'floor'), 'w');
  let startedAt = performance.now();
  for (let first = 0; first < count; first += BATCH) {
    writeSync(file, `${JSON.stringify(messages.slice(first, first + BATCH))}\n`);
  }
  const appendUs = (1000 * (performance.now() - startedAt)) / count;
  closeSync(file);
  await delay(0);
  startedAt = performance.now();
  let sum = 0;
  for (const message of messages) sum += (JSON.parse(message) as { write: number }).write;
  const parseUs = (1000 * (performance.now() - startedAt)) / count;
  return { appendUs: Number.isNaN(sum) ? Number.NaN : appendUs, parseUs };
}

/** The time until the results are there, and how much memory the process took in addition. */
async function queried(
  client: Client<Sdk>,
  queryString: string,
): Promise<{ tookMs: number; grownMb: number }> {
  const megabytes = () => process.memoryUsage.rss() / 2 ** 20;
  const before = megabytes();
  let most = before;
  const startedAt = performance.now();
  const range = { startTime: Math.floor(Date.now() / 1000) - 7_200, endTime: Math.floor(Date.now() / 1000) };
  const { queryId = '' } = await client.call(
    'StartQuery',
    { logGroupName: GROUP, ...range, queryString },
    SCOPE,
  );
  for (;;) {
    const { status } = await client.call('GetQueryResults', { queryId }, SCOPE);
    most = Math.max(most, megabytes());
    if (status === 'Complete') return { tookMs: performance.now() - startedAt, grownMb: most - before };
    if (status !== 'Running' && status !== 'Scheduled') throw new Error(`the query is ${status}`);
    await delay(5);
  }
}
