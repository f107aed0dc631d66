// An empty function, called by its URL: cold, compared with a bare start of its interpreter, and warm, compared with a
// bare HTTP round trip. The load comes from a separate process.

import { execFileSync, fork } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { zip } from '../src/kernel/zip.ts';
import { findInterpreters, nearest } from '../src/machines/functions/interpreters.ts';
import { versionOf } from '../src/machines/functions/runtimes.ts';
import type { NetworkKind } from '../src/network/network.ts';
import type { Bench } from './context.ts';
import { startBenchMillpond } from './millpond.ts';
import { best, type JudgedRow, p50, row } from './row.ts';

const CODE = zip({
  'index.js': 'exports.handler = async () => ({ ok: true });',
  'index.py': 'def handler(event, context):\n    return {"ok": True}\n',
});
const MEMORY_MEGABYTES = 512;
const AT_ONCE = 4;

type Runtime = 'nodejs24.x' | 'python3.12';

/** Rows of cold and warm invocations. */
export const measureLambda = (bench: Bench): Promise<JudgedRow[]> => measureIn(bench, 'loopback');

/** The same where each function has a network interface of its own. */
export const measureLambdaInSubnets = async (bench: Bench): Promise<JudgedRow[]> =>
  (await measureIn(bench, 'subnets')).map((each) => ({ ...each, name: `${each.name}, in a subnet` }));

async function measureIn(bench: Bench, network: NetworkKind): Promise<JudgedRow[]> {
  const { url } = await startBenchMillpond(bench, { network });
  const client = new LambdaClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 1,
  });
  bench.own({ stop: () => client.destroy() });
  const rows: JudgedRow[] = [];
  for (const runtime of ['nodejs24.x', 'python3.12'] as const) rows.push(await cold(bench, client, runtime));
  const path = `2015-03-31/functions/${await create(client, 'nodejs24.x', 'warm')}/invocations`;
  return [...rows, ...(await warm(bench, `${url}/${path}`, await bareUrl(bench)))];
}

/** Each round calls a new function. */
async function cold(bench: Bench, client: LambdaClient, runtime: Runtime): Promise<JudgedRow> {
  const rounds = bench.rounds(15, 5);
  const taken: number[] = [];
  const floor: number[] = [];
  const [program, ...args] = await bareStart(runtime);
  // The first one finds the interpreter, or has its environment created.
  for (let round = 0; round <= rounds; round++) {
    bench.say(`lambda: cold ${runtime} ${round} of ${rounds}`);
    const FunctionName = await create(client, runtime, `cold-${runtime.replace(/\W/g, '-')}-${round}`);
    const invoked = await timed(async () => {
      const { FunctionError } = await client.send(new InvokeCommand({ FunctionName }));
      if (FunctionError) throw new Error(`the function failed: ${FunctionError}`);
    });
    const bare = await timed(async () => execFileSync(program, args));
    if (round === 0) continue;
    taken.push(invoked);
    floor.push(bare);
  }
  return row(`a cold invoke, ${runtime}`, p50(taken), 'ms', {
    floor: p50(floor),
    target: { ratioAtMost: 2 },
  });
}

/** Start time of the interpreter that functions run on. */
async function bareStart(runtime: Runtime): Promise<[string, ...string[]]> {
  if (runtime === 'nodejs24.x') return [process.execPath, '-e', '0'];
  const found = nearest(await findInterpreters('python', process.env.PATH ?? ''), versionOf(runtime));
  if (!found) throw new Error('this machine has no Python');
  return [join(found.directory, 'bin', found.interpreter), '-c', '0'];
}

async function create(client: LambdaClient, Runtime: Runtime, FunctionName: string): Promise<string> {
  await client.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Runtime, Handler: 'index.handler', MemorySize: MEMORY_MEGABYTES, Timeout: 30 },
      Role: 'arn:aws:iam::000000000000:role/bench',
      Code: { ZipFile: CODE },
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 240, minDelay: 1, maxDelay: 1 }, { FunctionName });
  return FunctionName;
}

async function warm(bench: Bench, url: string, floorUrl: string): Promise<JudgedRow[]> {
  const count = bench.rounds(20_000, 6_000);
  bench.say('lambda: one after the other');
  const one = await load(bench, url, 1, bench.rounds(4_000, 2_000));
  const oneFloor = await load(bench, floorUrl, 1, bench.rounds(4_000, 2_000));
  const rates: number[] = [];
  const floorRates: number[] = [];
  for (let round = 0; round < 3; round++) {
    bench.say(`lambda: at once, ${round + 1} of 3`);
    rates.push((await load(bench, url, AT_ONCE, count)).perSecond);
    floorRates.push((await load(bench, floorUrl, AT_ONCE, count)).perSecond);
  }
  return [
    row('a warm invoke, p50', one.p50Ms, 'ms', { floor: oneFloor.p50Ms, target: { atMost: 0.7 } }),
    row('warm invokes', best(rates), '/s', { floor: best(floorRates), target: { atLeast: 2_000 } }),
  ];
}

/** A server that always answers the same few bytes. */
async function bareUrl(bench: Bench): Promise<string> {
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end('{"ok":true}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.own({
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

interface Load {
  p50Ms: number;
  perSecond: number;
}

function load(bench: Bench, url: string, connections: number, count: number): Promise<Load> {
  const child = fork(fileURLToPath(new URL('lambda-load.ts', import.meta.url)), [
    url,
    `${connections}`,
    `${count}`,
  ]);
  bench.own({ stop: () => void child.kill() });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Load));
    child.once('exit', (code) => reject(new Error(`the load ended with ${code}`)));
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}
