// A function of nothing: cold, beside a bare start of its interpreter, and warm through the API, beside a bare HTTP round
// trip. The load comes from a process of its own, as an application's would.

import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/kernel/clock.ts';
import { silentLog } from '../src/kernel/log.ts';
import type { FunctionSpec } from '../src/sandbox/functions/function.ts';
import { createFunctions, type Functions } from '../src/sandbox/functions/pool.ts';
import { zip } from '../src/services/lambda/code/zip.ts';
import { createLambda } from '../src/services/lambda/service.ts';
import { openStore } from '../src/store/store.ts';
import { createClient } from '../src/wire/client.ts';
import { startWireServer } from '../src/wire/server.ts';
import type { Bench } from './context.ts';
import { best, type JudgedRow, p50, row } from './row.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const SOURCE = {
  'index.js': 'exports.handler = async () => ({ ok: true });',
  'index.py': 'def handler(event, context):\n    return {"ok": True}\n',
};

export async function measureLambda(bench: Bench): Promise<JudgedRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-lambda-'));
  bench.own({ stop: () => rmSync(directory, { recursive: true, force: true }) });
  const functions = bench.own(
    await createFunctions({
      directory: join(directory, 'functions'),
      clock: systemClock,
      log: silentLog,
      pythonPackages: [],
    }),
  );
  const store = openStore(join(directory, 'state.sqlite'));
  bench.own({ stop: () => store.close() });
  const lambda = createLambda({
    ...{ store, clock: systemClock, log: silentLog, functions, directory },
    s3: createClient('s3', { inProcess: undefined }),
    logs: createClient('logs', { inProcess: undefined }),
    environmentOf: () => ({}),
  });
  await lambda.start();
  bench.own(lambda);
  const server = bench.own(
    await startWireServer({
      services: [lambda.service],
      port: 0,
      defaultRegion: SCOPE.region,
      log: silentLog,
    }),
  );
  const client = createClient<typeof import('@aws-sdk/client-lambda')>('lambda', {
    inProcess: lambda.service,
  });
  await client.call(
    'CreateFunction',
    {
      FunctionName: 'nothing',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/bench',
      Code: { ZipFile: zip(SOURCE) },
    },
    SCOPE,
  );
  const path = '/2015-03-31/functions/nothing/invocations';
  const url = `http://127.0.0.1:${server.port}${path}`;
  return [...(await cold(bench, functions, directory)), ...(await warm(bench, url, await bareUrl(bench)))];
}

async function cold(bench: Bench, functions: Functions, directory: string): Promise<JudgedRow[]> {
  const rounds = bench.rounds(15, 5);
  const codeDirectory = mkdtempSync(join(directory, 'code-'));
  for (const [name, text] of Object.entries(SOURCE)) writeFileSync(join(codeDirectory, name), text);
  const rows: JudgedRow[] = [];
  for (const [runtime, floorProgram] of [
    ['nodejs24.x', [process.execPath, '-e', '0']],
    ['python3.12', [pythonOf(directory), '-c', '0']],
  ] as const) {
    await functions.prepare(runtime);
    const taken: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < rounds; round++) {
      bench.say(`lambda: cold ${runtime} ${round + 1} of ${rounds}`);
      const spec: FunctionSpec = {
        ...{
          key: `${runtime} ${round}`,
          runtime,
          handler: 'index.handler',
          codeDirectory,
          layerDirectories: [],
        },
        variables: () => ({}),
        ...{ timeoutMs: 10_000, memoryBytes: 512 * 2 ** 20 },
      };
      taken.push(
        await timed(() =>
          functions.invoke(spec, { requestId: 'r', functionArn: 'a', event: Buffer.from('{}') }),
        ),
      );
      await functions.retire(spec.key);
      const [program = '', ...args] = resolved(floorProgram, directory);
      floor.push(await timed(async () => execFileSync(program, args)));
    }
    rows.push(
      row(`a cold invoke, ${runtime}`, p50(taken), 'ms', { floor: p50(floor), target: { ratioAtMost: 2 } }),
    );
  }
  return rows;
}

/** The virtual environment's own, which is there once Python has been prepared. */
const pythonOf = (directory: string): string => `${directory}/functions/python`;

function resolved(command: readonly string[], directory: string): string[] {
  const [program = '', ...args] = command;
  if (program !== pythonOf(directory)) return [program, ...args];
  const home = readdirSync(join(directory, 'functions')).find((name) => name.startsWith('python'));
  return [join(directory, 'functions', home ?? '', 'bin', 'python3'), ...args];
}

async function warm(bench: Bench, url: string, floorUrl: string): Promise<JudgedRow[]> {
  const count = bench.rounds(20_000, 4_000);
  bench.say('lambda: one after the other');
  const one = await load(bench, url, 1, bench.rounds(3_000, 1_000));
  const oneFloor = await load(bench, floorUrl, 1, bench.rounds(3_000, 1_000));
  const rates: number[] = [];
  const floorRates: number[] = [];
  for (let round = 0; round < 3; round++) {
    bench.say(`lambda: at once, ${round + 1} of 3`);
    rates.push((await load(bench, url, 4, count)).perSecond);
    floorRates.push((await load(bench, floorUrl, 4, count)).perSecond);
  }
  return [
    row('a warm invoke, p50', one.p50Ms, 'ms', { floor: oneFloor.p50Ms, target: { atMost: 3 } }),
    row('warm invokes', best(rates), '/s', { floor: best(floorRates), target: { atLeast: 2_000 } }),
  ];
}

/** A server that answers the same few bytes without looking. */
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
