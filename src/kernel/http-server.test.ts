// A server with silent, slow or too many clients still serves the others.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { close, createBoundedServer, listen } from './http-server.ts';

const MOST = 20;

async function start(context: TestContext, listener: Parameters<typeof createBoundedServer>[0]) {
  const server = createBoundedServer(listener, MOST);
  await listen(server, 0, '127.0.0.1');
  const sockets: Socket[] = [];
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    return close(server, 0);
  });
  const { port } = server.address() as AddressInfo;
  return {
    async open(bytes = ''): Promise<Socket> {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      sockets.push(socket);
      await once(socket, 'connect');
      if (bytes) socket.write(bytes);
      return socket;
    },
    async ask(): Promise<string> {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET /asked HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      return (await text(socket)).split('\r\n', 1)[0]!;
    },
  };
}

const OK = 'HTTP/1.1 200 OK';

for (const [kind, bytes] of [
  ['say nothing', ''],
  ['stop within their head', 'GET / HTTP/1.1\r\nhost: x\r\nx-more: '],
  ['stop within their body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc'],
  ['have their answer', 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'],
] as const) {
  test(`however many connections ${kind}, the next request is served`, async (context) => {
    const server = await start(context, (request, response) => {
      request.resume();
      request.once('end', () => response.end());
    });
    const silent: Socket[] = [];
    for (let index = 0; index < 3 * MOST; index++) silent.push(await server.open(bytes));
    assert.equal(await server.ask(), OK);
    await Promise.race(silent.map((socket) => socket.closed || once(socket.resume(), 'close')));
  });
}

test('connections that do not read their answers make room', async (context) => {
  const answer = Buffer.alloc(16 * 1024 * 1024);
  const server = await start(context, (request, response) => {
    response.end(request.url === '/asked' ? '' : answer);
  });
  for (let index = 0; index < 2 * MOST; index++) {
    const socket = await server.open('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'readable');
  }
  assert.equal(await server.ask(), OK);
});

test('new connections do not end requests that are being served', async (context) => {
  const begun: (() => void)[] = [];
  const server = await start(context, (_request, response) => {
    begun.push(() => response.end('done'));
    if (begun.length === MOST) turnedFull();
  });
  let turnedFull = () => {};
  const full = new Promise<void>((resolve) => (turnedFull = resolve));
  const waiting: Socket[] = [];
  for (let index = 0; index < MOST; index++) {
    waiting.push(await server.open('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'));
  }
  await full;
  const extra = await server.open();
  await once(extra.resume(), 'close');
  for (const answer of begun) answer();
  for (const socket of waiting) assert.match(await text(socket), /done$/);
});

test('requests of one connection are handled one after the other, and their number is bounded', async (context) => {
  let running = 0;
  let most = 0;
  let served = 0;
  const server = await start(context, (_request, response) => {
    most = Math.max(most, ++running);
    served++;
    setImmediate(() => {
      running--;
      response.end();
    });
  });
  const request = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
  const few = await server.open(`${request.repeat(9)}GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  assert.equal((await text(few)).match(/200 OK/g)?.length, 10);
  assert.equal(most, 1);
  served = 0;
  const many = await server.open(request.repeat(2_000));
  await once(many.resume(), 'close');
  assert.ok(served < 100, String(served));
  assert.equal(await server.ask(), OK);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;

test('answered requests are collected by the young generation', async (context) => {
  // On a busy machine some requests wait and grow old. If an old map kept them, it would always be most of them.
  const ATTEMPTS = 5;
  const kept: number[] = [];
  while (kept.length < ATTEMPTS && !kept.some((part) => part < 0.5)) kept.push(await partGrownOld(context));
  assert.ok(
    kept.some((part) => part < 0.5),
    `parts of what was answered that have become old: ${kept.map((part) => part.toFixed(2)).join(', ')}`,
  );
});

/** The share of the bytes that requests hold, over several connections at once. */
async function partGrownOld(context: TestContext): Promise<number> {
  const WEIGHT = 4_000;
  const REQUESTS = 4_000;
  const WARM_UP = 500;
  const server = await start(context, (request, response) => {
    Object.assign(request, { weight: new Array(WEIGHT / 8).fill(0) });
    setImmediate(() => response.end());
  });
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let answered = 0;
  let before = 0;
  for (let count = 0; count < MOST / 2; count++) {
    const socket = await server.open();
    const ask = () => void socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    socket.on('data', () => {
      answered++;
      if (answered === WARM_UP) {
        collectGarbage();
        before = oldBytes();
      } else if (answered % 100 === 0) collectGarbage({ type: 'minor' });
      if (answered < WARM_UP + REQUESTS) ask();
      else resolve();
    });
    ask();
  }
  await done;
  return (oldBytes() - before) / (REQUESTS * WEIGHT);
}
