// The CPU time of a request to Millpond, compared with a bare node:http server that transfers the same bytes:
// alternating in one run, over sixteen connections. The load comes from a separate process.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BareAnswer } from './bare-http.ts';
import type { Bench } from './context.ts';
import type { Load } from './http-load.ts';
import { processorUs } from './processor.ts';
import { p50 } from './row.ts';

const CONNECTIONS = 16;
/** Warm-up requests, during which V8 compiles hot code. */
export const WARM_UP = 48_000;

/** Medians of several rounds. */
export interface Figures {
  /** CPU time of the server per request, in microseconds. */
  cpuUs: number;
  p50Ms: number;
  p99Ms: number;
}

export interface BareServer {
  readonly pid: number;
  readonly port: number;
  /** Sets the answer to later requests. */
  answer(answer: BareAnswer): Promise<void>;
}

/** Starts the bare server in a separate process; the bench stops it. */
export async function startBareServer(bench: Bench): Promise<BareServer> {
  const child = forkScript(bench, 'bare-http.ts', []);
  const [port] = (await once(child, 'message')) as [number];
  return {
    ...{ pid: child.pid!, port },
    async answer(answer) {
      child.send(answer);
      await once(child, 'message');
    },
  };
}

/** A request without its `host` and `content-length`. */
export interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Sends `requests` in turn to Millpond's API at `url`, and to the bare server, which gives the answer that Millpond
 * gave to the first of them.
 */
export async function besideBare(
  bench: Bench,
  name: string,
  millpond: { pid: number; url: string },
  bare: BareServer,
  requests: readonly Request[],
): Promise<{ own: Figures; floor: Figures }> {
  await bare.answer(await send(millpond.url, requests[0]!));
  const servers = [{ pid: millpond.pid, port: Number(new URL(millpond.url).port) }, bare];
  const loads = servers.map((): { cpuUs: number[]; p50Ms: number[]; p99Ms: number[] } => ({
    ...{ cpuUs: [], p50Ms: [], p99Ms: [] },
  }));
  const rounds = bench.rounds(5, 3);
  const count = bench.rounds(16_000, 8_000);
  for (let round = 0; round <= rounds; round++) {
    bench.say(`${name}: ${round} of ${rounds}`);
    for (const [index, server] of servers.entries()) {
      const { cpuUs, p50Ms, p99Ms } = await loadOnce(bench, server, requests, round === 0 ? WARM_UP : count);
      if (round === 0) continue;
      loads[index]!.cpuUs.push(cpuUs);
      loads[index]!.p50Ms.push(p50Ms);
      loads[index]!.p99Ms.push(p99Ms);
    }
  }
  const [own, floor] = loads.map(({ cpuUs, p50Ms, p99Ms }) => ({
    ...{ cpuUs: p50(cpuUs), p50Ms: p50(p50Ms), p99Ms: p50(p99Ms) },
  }));
  return { own: own!, floor: floor! };
}

/** Loads a server with requests, and measures its processor time for each. */
export async function loadOnce(
  bench: Bench,
  { pid, port }: { pid: number; port: number },
  requests: readonly Request[],
  count: number,
): Promise<Figures> {
  const child = forkScript(bench, 'http-load.ts', [port, CONNECTIONS, count]);
  child.send(requests.map((request) => bytesOf(request, port)));
  await once(child, 'message');
  const before = processorUs(pid);
  child.send('go');
  const [{ p50Ms, p99Ms, ...load }] = (await once(child, 'message')) as [Load];
  return { cpuUs: (processorUs(pid) - before) / load.count, p50Ms, p99Ms };
}

function bytesOf({ method, path, headers, body }: Request, port: number): string {
  return [
    `${method} ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(method === 'GET' ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    '',
    body,
  ].join('\r\n');
}

/** The bytes that the connection adds to an answer. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'date', 'keep-alive']);

/** Sends a request and returns the answer without what the connection adds. Rejects when it is not a success. */
export async function send(url: string, { method, path, headers, body }: Request): Promise<BareAnswer> {
  const sent = method === 'GET' ? undefined : body;
  const response = await fetch(url + path, { method, headers, body: sent });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const own = [...response.headers].filter(([name]) => !OWN_HEADERS.has(name));
  return { headers: Object.fromEntries(own), body: text };
}

/** Starts a program of this folder; the bench stops it. */
export function forkScript(bench: Bench, script: string, args: number[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args.map(String));
  bench.own({ stop: () => void child.kill() });
  return child;
}
