// Objects of 1 KB, put and got over sixteen connections: the processor's time that each takes, beside a bare HTTP server
// that moves the same bytes, and how much longer the slowest take than the usual ones. The load comes from a process of
// its own.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bench } from './context.ts';
import { startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row } from './row.ts';

const CONNECTIONS = 16;
const TICK_US = 10_000;
const BUCKET = 'bench-objects';

interface Load {
  count: number;
  p50Ms: number;
  p99Ms: number;
}

interface Figures {
  /** Of the server, for each request, in microseconds. */
  cpu: number[];
  p50: number[];
  p99: number[];
}

export async function measureObjects(bench: Bench): Promise<JudgedRow[]> {
  const { pid, url } = await startBenchMillpond(bench);
  const bare = forkScript(bench, 'bare-objects.ts', []);
  const [port] = (await once(bare, 'message')) as [number];
  const servers = [
    { pid, url: `${url}/${BUCKET}` },
    { pid: bare.pid!, url: `http://127.0.0.1:${port}/${BUCKET}` },
  ] as const;
  const authorization = 'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/s3/aws4_request';
  const made = await fetch(servers[0].url, { method: 'PUT', headers: { authorization } });
  if (!made.ok) throw new Error(await made.text());
  const rows: JudgedRow[] = [];
  for (const method of ['PUT', 'GET']) rows.push(...(await measure(bench, method, servers)));
  return rows;
}

async function measure(
  bench: Bench,
  method: string,
  servers: readonly [own: Server, bare: Server],
): Promise<JudgedRow[]> {
  const rounds = bench.rounds(5, 3);
  const own: Figures = { cpu: [], p50: [], p99: [] };
  const floor: Figures = { cpu: [], p50: [], p99: [] };
  for (let round = 1; round <= rounds; round++) {
    bench.say(`objects: ${method} ${round} of ${rounds}`);
    await add(own, bench, method, servers[0]);
    await add(floor, bench, method, servers[1]);
  }
  return [
    row(`${method} of an object of 1 KB, processor time`, p50(own.cpu), 'µs', {
      floor: p50(floor.cpu),
      target: { ratioAtMost: 6 },
    }),
    row(`${method} of an object of 1 KB, p99 beside its p50`, p50(own.p99), 'ms', {
      floor: p50(own.p50),
      target: { ratioAtMost: 4 },
    }),
    // Without a target: how much of that is the machine's.
    row(`${method} of 1 KB at a bare server, p99 beside its p50`, p50(floor.p99), 'ms', {
      floor: p50(floor.p50),
    }),
  ];
}

interface Server {
  pid: number;
  url: string;
}

async function add(figures: Figures, bench: Bench, method: string, { pid, url }: Server): Promise<void> {
  const args = [url, method, `${CONNECTIONS}`, `${bench.rounds(16_000, 8_000)}`];
  const child = forkScript(bench, 'object-load.ts', args);
  await once(child, 'message');
  const before = cpuUs(pid);
  child.send('go');
  const [load] = (await once(child, 'message')) as [Load];
  figures.cpu.push((cpuUs(pid) - before) / load.count);
  figures.p50.push(load.p50Ms);
  figures.p99.push(load.p99Ms);
}

/** All that a process has used, in user and system mode. */
function cpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // Behind the name, which may hold anything: the state is the first, utime the twelfth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

function forkScript(bench: Bench, script: string, args: string[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args);
  bench.own({ stop: () => void child.kill() });
  return child;
}
