// The source `replication` into nothing: how fast it reads, what it costs the cache, and how old changes are.

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bareShard } from '../src/feed/replication/testing/bare-shard.fixture.ts';
import { type BareEngine, startBareEngine } from '../test/support/bare-engine.ts';
import type { Bench } from './context.ts';
import type { NullFeed, NullFeedReport } from './feed-program.ts';
import { best, type JudgedRow, row } from './row.ts';

const PROGRAM = fileURLToPath(new URL('./feed-program.ts', import.meta.url));
const KEYS = 100_000;
const RATE = 20_000;
const TICK_MS = 5;

/** Four rows. Throws when redis-server or redis-benchmark is missing. */
export async function measureFeedReplication(bench: Bench): Promise<JudgedRow[]> {
  const rows: JudgedRow[] = [];
  for (const [resync, name, target] of [
    ['upserts', 'without a shadow', 100_000],
    ['diff', 'with a shadow', 40_000],
  ] as const) {
    bench.say(`feed: changes from the spool, ${name}`);
    const rate = await spooledRate(bench, resync);
    rows.push(row(`feed: changes to nowhere, ${name}`, rate, 'changes/s', { target: { atLeast: target } }));
  }
  bench.say('feed: cost to the primary');
  rows.push(await costRow(bench));
  bench.say('feed: lag');
  const lag = await lagP99(bench);
  rows.push(row(`feed: lag at ${RATE} changes/s, p99`, lag, 'ms', { target: { atMost: 50 } }));
  return rows;
}

async function spooledRate(bench: Bench, resync: 'diff' | 'upserts'): Promise<number> {
  const changes = bench.rounds(1_000_000, 200_000);
  await using engine = await startEngine();
  await using feed = await startFeed(engine, resync, true);
  load(engine, changes, 64);
  await untilReceived(feed);
  const startedAt = performance.now();
  await feed.ask('read');
  for (;;) {
    const report = await feed.ask('report');
    if (report.changes >= changes) return changes / ((performance.now() - startedAt) / 1000);
    await delay(5);
  }
}

/** The throughput of a client with a feed of the primary, and without, in turns. */
async function costRow(bench: Bench): Promise<JudgedRow> {
  const rates = { with: [] as number[], without: [] as number[] };
  await using engine = await startEngine();
  const requests = bench.rounds(200_000, 50_000);
  for (let round = 0; round < bench.rounds(5, 3); round++) {
    rates.without.push(load(engine, requests, 1));
    await using _ = await startFeed(engine, 'diff', false);
    rates.with.push(load(engine, requests, 1));
  }
  return row('feed: throughput of a primary that is followed', best(rates.with), 'requests/s', {
    floor: best(rates.without),
    target: { ratioAtLeast: 0.95 },
  });
}

async function lagP99(bench: Bench): Promise<number> {
  await using engine = await startEngine();
  await using feed = await startFeed(engine, 'diff', false);
  // An engine begins to send up to a second after its dump. That is a feed's start, and no lag.
  await engine.client.set('first', 0);
  while ((await feed.ask('report')).changes === 0) await delay(TICK_MS);
  const seconds = bench.rounds(20, 5);
  let written = 0;
  for (const startedAt = performance.now(); performance.now() - startedAt < seconds * 1000; ) {
    const due = ((performance.now() - startedAt) / 1000) * RATE;
    const pipeline = engine.client.pipeline();
    for (; written < due; written++) pipeline.set(`key:${written % KEYS}`, Date.now());
    await Promise.all([pipeline.exec(), delay(TICK_MS)]);
  }
  await delay(200);
  return (await feed.ask('report')).lagP99Ms;
}

const startEngine = (): Promise<BareEngine> =>
  startBareEngine('redis-server', { 'repl-diskless-sync-delay': '0', 'repl-backlog-size': '256mb' });

/** Writes, and returns the requests per second. */
function load(engine: BareEngine, requests: number, pipeline: number): number {
  const { socket } = engine;
  const words = ['-s', socket, '-n', requests, '-c', 10, '-P', pipeline, '-r', KEYS, '-q', '--csv'];
  const output = execFileSync(
    'redis-benchmark',
    [...words.map(String), 'SET', 'key:__rand_int__', 'x'.repeat(32)],
    {
      encoding: 'utf8',
    },
  );
  const figures = output.trim().split('\n').at(-1)!.split('","');
  return Number(figures[1]?.replaceAll('"', ''));
}

type Feed = Awaited<ReturnType<typeof startFeed>>;

/** No more bytes come. */
async function untilReceived(feed: Feed): Promise<void> {
  let before = -1;
  for (let bytes = 0; bytes !== before; ) {
    before = bytes;
    await delay(300);
    ({ bytes } = await feed.ask('report'));
  }
}

async function startFeed(engine: BareEngine, resync: 'diff' | 'upserts', isHeld: boolean) {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-'));
  const options: NullFeed = { directory, shard: bareShard(engine), resync, isHeld };
  const child: ChildProcess = fork(PROGRAM, [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  await once(child, 'message');
  return {
    async ask(what: 'read' | 'report'): Promise<NullFeedReport> {
      const answered = once(child, 'message');
      child.send(what);
      return (await answered)[0] as NullFeedReport;
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
