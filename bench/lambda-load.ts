// Posts to a URL over several connections, one request after the other on each, and reports the times to its parent.
// Uses bare sockets, because an HTTP client would use as much CPU time as the server.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { quantile } from '../src/engine/resharding/testing/live-load.ts';
import { exchange } from './http-exchange.ts';
import { p50 } from './row.ts';

const [url = '', connections = '1', count = '1000'] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
const REQUEST = [
  `POST ${pathname} HTTP/1.1`,
  `host: ${hostname}:${port}`,
  'content-type: application/json',
  'authorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00',
  'content-length: 2',
  '',
  '{}',
].join('\r\n');
const WARM_UP = 500;

const taken: number[] = [];

async function work(socket: Socket, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const since = performance.now();
    await exchange(socket, REQUEST);
    taken.push(performance.now() - since);
  }
}

const sockets = Array.from({ length: Number(connections) }, () =>
  connect({ host: hostname, port: Number(port), noDelay: true }),
);
await Promise.all(sockets.map((socket) => once(socket, 'connect')));
const all = (rounds: number) => Promise.all(sockets.map((socket) => work(socket, rounds)));
const each = Math.ceil(Number(count) / sockets.length);
await all(Math.min(WARM_UP, each));
taken.length = 0;
const since = performance.now();
await all(each);
const seconds = (performance.now() - since) / 1000;
process.send!({ p50Ms: p50(taken), p99Ms: quantile(taken, 0.99), perSecond: taken.length / seconds });
for (const socket of sockets) socket.destroy();
process.disconnect();
