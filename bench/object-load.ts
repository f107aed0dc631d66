// Puts and gets objects of 1 KB over a number of connections, one request after the other on each; tells its parent how
// long they took. Over bare sockets: an HTTP client would take as much of the machine as what is measured.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { quantile } from '../src/engine/resharding/testing/live-load.ts';
import { exchange } from './http-exchange.ts';

const [url = '', method = 'GET', connections = '16', count = '1000'] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
const BYTES = 1024;
const KEYS = 500;
const BODY = 'x'.repeat(BYTES);
const WARM_UP = 200;

const taken: number[] = [];
let asked = 0;

function nextRequest(): string {
  const key = asked++ % KEYS;
  return [
    `${method} ${pathname}/key-${key} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    'authorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00',
    'x-amz-content-sha256: UNSIGNED-PAYLOAD',
    ...(method === 'PUT' ? [`content-length: ${BYTES}`] : []),
    '',
    method === 'PUT' ? BODY : '',
  ].join('\r\n');
}

async function work(socket: Socket, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const since = performance.now();
    await exchange(socket, nextRequest());
    taken.push(performance.now() - since);
  }
}

const sockets = Array.from({ length: Number(connections) }, () =>
  connect({ host: hostname, port: Number(port), noDelay: true }),
);
await Promise.all(sockets.map((socket) => once(socket, 'connect')));
const all = (rounds: number) => Promise.all(sockets.map((socket) => work(socket, rounds)));
await all(WARM_UP);
taken.length = 0;
process.send!('warm');
await once(process, 'message');
await all(Math.ceil(Number(count) / sockets.length));
process.send!({ count: taken.length, p50Ms: quantile(taken, 0.5), p99Ms: quantile(taken, 0.99) });
for (const socket of sockets) socket.destroy();
process.disconnect();
