// Tests a connection from the side of a function's process: answers in order, combined writes, and bounded reading.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { it, type TestContext } from 'node:test';
import { type Answer, type Exchange, serveConnection } from './runtime-connection.ts';

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${more}\r\n`;
const answerOf = (text: string): Answer => ({ status: 200, headers: {}, body: Buffer.from(text) });

interface Peers {
  client: Socket;
  server: Socket;
  exchanges: Exchange[];
  /** Requests that will not be answered. */
  closed: (Exchange | undefined)[];
  /** Resolves to all text since the last call, once the client has read this text. */
  read(end: string): Promise<string>;
  /** Resolves after this many requests. */
  seen(count: number): Promise<void>;
}

async function peers(test: TestContext, onRequest: (exchange: Exchange) => void = () => {}): Promise<Peers> {
  const exchanges: Exchange[] = [];
  const closed: (Exchange | undefined)[] = [];
  const server = createServer((socket) =>
    serveConnection(socket, 1000, {
      onRequest(exchange) {
        exchanges.push(exchange);
        onRequest(exchange);
        server.emit('seen');
      },
      onClose: (exchange) => void closed.push(exchange),
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => {});
  test.after(() => {
    client.destroy();
    server.close();
  });
  const [socket] = (await accepted) as [Socket];
  let text = '';
  client.on('data', (piece) => {
    text += piece;
    client.emit('read');
  });
  return {
    ...{ client, server: socket, exchanges, closed },
    async read(end) {
      while (!text.endsWith(end)) await once(client, 'read');
      const read = text;
      text = '';
      return read;
    },
    async seen(count) {
      while (exchanges.length < count) await once(server, 'seen');
    },
  };
}

it('requests are answered in order, each before the next is read', async (test) => {
  const { client, exchanges, read, seen } = await peers(test);
  client.write(get('/a') + get('/b'));
  await seen(1);
  assert.equal(exchanges.length, 1);
  exchanges[0]!.answer(answerOf('A'));
  await seen(2);
  exchanges[0]!.answer(answerOf('again'));
  exchanges[1]!.answer(answerOf('B'));
  const one = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n${text}`;
  assert.equal(await read('B'), one('A') + one('B'));
});

it('a receipt is sent together with the next answer if that was requested too, else at once', async (test) => {
  const writes: number[] = [];
  const { client, server, exchanges, read, seen } = await peers(test, (exchange) => {
    if (exchange.request.path === '/receipt') exchange.answer(answerOf('receipt'));
  });
  const uncork = server.uncork.bind(server);
  server.uncork = () => {
    writes.push(exchanges.length);
    uncork();
  };
  client.write(get('/receipt') + get('/next'));
  await seen(2);
  assert.deepEqual(writes, []);
  exchanges[1]!.answer(answerOf('work'));
  assert.match(await read('work'), /receipt.*work/s);
  assert.deepEqual(writes, [2]);
  client.write(get('/receipt'));
  await read('receipt');
});

it('the connection ends after the answer to the last request', async (test) => {
  const { client, exchanges, read, seen, closed } = await peers(test);
  client.write(get('/a', 'connection: close\r\n') + get('/b'));
  await seen(1);
  exchanges[0]!.answer(answerOf('A'));
  await read('A');
  await once(client, 'end');
  assert.equal(exchanges.length, 1);
  assert.deepEqual(closed.filter(Boolean), []);
});

it('a client that expects 100 Continue gets it', async (test) => {
  const { client, exchanges, read, seen } = await peers(test);
  client.write('POST /a HTTP/1.1\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n');
  assert.equal(await read('\r\n\r\n'), 'HTTP/1.1 100 Continue\r\n\r\n');
  client.write('ab');
  await seen(1);
  assert.equal(exchanges[0]!.request.body.toString(), 'ab');
});

it('malformed HTTP ends the connection, and the open exchange is reported', async (test) => {
  const first = await peers(test);
  first.client.write('nonsense\r\n\r\n');
  await once(first.client, 'close');
  assert.deepEqual(first.exchanges, []);

  const second = await peers(test);
  second.client.write(get('/a'));
  await second.seen(1);
  second.client.destroy();
  await once(second.server, 'close');
  assert.deepEqual(second.closed, [second.exchanges[0]]);
  second.exchanges[0]!.answer(answerOf('nobody reads it'));
});

it('a client that sends without reading is paused', async (test) => {
  const { client, server, seen } = await peers(test);
  client.write(get('/a'));
  await seen(1);
  client.write('x'.repeat(16 * 1024 * 1024));
  await once(server, 'pause');
  assert.ok(client.writableLength > 0);
});
