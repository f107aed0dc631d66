// Sends requests over several connections, one after the other on each, and reports the times to its parent:
// `http-load.ts PORT CONNECTIONS COUNT`; the requests come over IPC. Uses bare sockets, because an HTTP client would
// use as much CPU time as the server.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { quantile } from '../src/engine/resharding/testing/live-load.ts';
import { exchange } from './http-exchange.ts';

export interface Load {
  count: number;
  p50Ms: number;
  p99Ms: number;
}

const [port, connections, count] = process.argv.slice(2).map(Number) as [number, number, number];
const WARM_UP = 200;

const taken: number[] = [];
let asked = 0;

async function work(socket: Socket, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const request = requests[asked++ % requests.length]!;
    const since = performance.now();
    await exchange(socket, request);
    taken.push(performance.now() - since);
  }
}

const sockets = Array.from({ length: connections }, () =>
  connect({ host: '127.0.0.1', port, noDelay: true }),
);
const [[requests]] = (await Promise.all([
  once(process, 'message'),
  ...sockets.map((socket) => once(socket, 'connect')),
])) as unknown as [[string[]]];
const all = (rounds: number) => Promise.all(sockets.map((socket) => work(socket, rounds)));
await all(WARM_UP);
taken.length = 0;
process.send!('warm');
await once(process, 'message');
await all(Math.ceil(count / sockets.length));
const load: Load = { count: taken.length, p50Ms: quantile(taken, 0.5), p99Ms: quantile(taken, 0.99) };
process.send!(load);
for (const socket of sockets) socket.destroy();
process.disconnect();
