// What is sent in place of HTTP, around it, and in too large a number.

import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { signedFor } from '../support/wire.ts';
import { asQuery, bytesCase, type HostileCase, type Outcome, send } from './cases.ts';
import type { Target } from './measured-millpond.ts';

const GET = 'GET /?Action=GetCallerIdentity&Version=2011-06-15 HTTP/1.1\r\nhost: 127.0.0.1\r\n';
const END = 'connection: close\r\n\r\n';
const many = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join('');
const post = (headers: string, body = '') => `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${END}${body}`;

export const httpCases: HostileCase[] = [
  bytesCase('nothing', () => ''),
  bytesCase('noise', () => Buffer.alloc(100_000, 0x9b)),
  bytesCase('a TLS handshake', () => Buffer.from('16030100ff010000fb0303', 'hex')),
  bytesCase('HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  bytesCase('HTTP/0.9', () => 'GET /\r\n\r\n'),
  bytesCase('HTTP/1.0', () => 'GET / HTTP/1.0\r\n\r\n'),
  bytesCase(
    'HTTP/1.0 with a body and no length',
    () => 'POST / HTTP/1.0\r\ncontent-type: text/plain\r\n\r\nbody',
  ),
  bytesCase('a method unheard of', () => 'FLY / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'),
  bytesCase('CONNECT', () => `CONNECT 127.0.0.1:80 HTTP/1.1\r\nhost: 127.0.0.1:80\r\n\r\n`),
  bytesCase(
    'an upgrade to WebSocket',
    () => `${GET}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: a\r\n\r\n`,
  ),
  bytesCase(
    'an upgrade to h2c',
    () => `${GET}connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: a\r\n\r\n`,
  ),
  bytesCase('no host', () => `GET / HTTP/1.1\r\n${END}`),
  bytesCase('two hosts', () => `GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.example\r\n${END}`),
  bytesCase('3,000 headers', () => `${GET}${many(3_000, (i) => `a${i}: b\r\n`)}${END}`),
  bytesCase('1,900 headers of two octets', () => `${GET}${many(1_900, () => 'a:b\r\n')}${END}`),
  bytesCase('a header of 1 MB', () => `${GET}a: ${'b'.repeat(1_000_000)}\r\n${END}`),
  bytesCase('folded headers', () => `${GET}a: b\r\n${' c\r\n'.repeat(100)}${END}`),
  bytesCase('headers with zeros', () => `${GET}a: b\0c\r\n${END}`),
  bytesCase('a path of 1 MB', () => `GET /${'a/'.repeat(500_000)} HTTP/1.1\r\nhost: 127.0.0.1\r\n${END}`),
  bytesCase(
    'a path of 5,000 segments',
    () => `GET ${'/a'.repeat(5_000)} HTTP/1.1\r\nhost: 127.0.0.1\r\n${END}`,
  ),
  bytesCase('a path of dots', () => `GET ${'/..'.repeat(4_000)} HTTP/1.1\r\nhost: 127.0.0.1\r\n${END}`),
  bytesCase(
    'a path of broken escapes',
    () => `GET /${'%zz'.repeat(4_000)} HTTP/1.1\r\nhost: 127.0.0.1\r\n${END}`,
  ),
  bytesCase(
    'a query of 3,000 parameters',
    () => `GET /b?${'a&'.repeat(3_000)} HTTP/1.1\r\nhost: 127.0.0.1\r\n${END}`,
  ),
  bytesCase(
    'a credential of 12 KB',
    () => `${GET}authorization: AWS4-HMAC-SHA256 Credential=${'/'.repeat(12_000)}\r\n${END}`,
  ),
  bytesCase('blanks for a credential', () => `${GET}authorization: AWS ${' '.repeat(12_000)}\r\n${END}`),
  bytesCase('origins without end', () => `${GET}origin: ${'http://a,'.repeat(1_200)}\r\n${END}`),
  bytesCase(
    'quotes in a list of headers',
    () =>
      `PUT /bucket/key HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-object-attributes: ${'"\\'.repeat(6_000)}\r\ncontent-length: 0\r\n${END}`,
  ),
  bytesCase('a length and chunks', () =>
    post('content-length: 3\r\ntransfer-encoding: chunked\r\n', '0\r\n\r\n'),
  ),
  bytesCase('two lengths', () => post('content-length: 3\r\ncontent-length: 4\r\n', 'abcd')),
  bytesCase('a length of 10^18', () => post('content-length: 1000000000000000000\r\n', 'abc')),
  bytesCase('a negative length', () => post('content-length: -1\r\n')),
  bytesCase('a chunk of 2^63', () => post('transfer-encoding: chunked\r\n', '7fffffffffffffff\r\n')),
  bytesCase('a chunk without a size', () => post('transfer-encoding: chunked\r\n', 'zz\r\n')),
  bytesCase('extensions of a chunk without end', () =>
    post('transfer-encoding: chunked\r\n', `1;${'a'.repeat(1_000_000)}`),
  ),
  bytesCase('1,000,000 chunks of one octet', () =>
    post('transfer-encoding: chunked\r\n', `${'1\r\na\r\n'.repeat(1_000_000)}0\r\n\r\n`),
  ),
  bytesCase('trailers without end', () =>
    post('transfer-encoding: chunked\r\n', `0\r\n${'a: b\r\n'.repeat(100_000)}`),
  ),
  bytesCase('codings of codings', () => post('transfer-encoding: gzip, chunked\r\n', '0\r\n\r\n')),
  bytesCase('an expectation unheard of', () => post('expect: 200-maybe\r\ncontent-length: 0\r\n')),
  bytesCase('a body cut short', () => post('content-length: 100\r\n', 'abc')),
  bytesCase('10,000 requests at once', () => `${GET}\r\n`.repeat(10_000)),
  bytesCase('10,000 requests at once, with bodies', () =>
    'POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 3\r\n\r\nabc'.repeat(10_000),
  ),
  bytesCase('200,000 line breaks', () => '\r\n'.repeat(200_000)),
];

/** A request that is answered while the connections are open, and what became of it. */
async function withSilent(target: Target, count: number, bytes: string): Promise<Outcome[]> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(target.port, '127.0.0.1');
    socket.on('error', () => {});
    if (bytes) socket.write(bytes);
    return socket;
  });
  await Promise.all(sockets.map((socket) => opened(socket)));
  const outcomes: Outcome[] = [];
  for (let index = 0; index < 3; index++) outcomes.push(await send(target, WHO));
  for (const socket of sockets) socket.destroy();
  return outcomes;
}

const opened = (socket: { once(event: string, listener: () => void): unknown; connecting?: boolean }) =>
  new Promise<void>((resolve) => {
    socket.once('connect', () => resolve());
    socket.once('close', () => resolve());
  });

const WHO = asQuery('sts', 'Action=GetCallerIdentity&Version=2011-06-15');

const crowd = (name: string, run: (target: Target) => Promise<Outcome[]>): HostileCase => ({
  kind: 'crowd',
  name,
  run,
});

export const crowdCases: HostileCase[] = [
  crowd('2,500 silent connections', (target) => withSilent(target, 2_500, '')),
  crowd('2,500 connections amid their head', (target) => withSilent(target, 2_500, `${GET}x-more: `)),
  crowd('2,500 connections amid their body', (target) =>
    withSilent(target, 2_500, `${post('content-length: 100\r\n').replace(END, '')}\r\nabc`),
  ),
  crowd('2,500 connections kept alive', (target) => withSilent(target, 2_500, `${GET}\r\n`)),
  crowd('2,500 silent connections for TLS', async (target) => {
    const { https } = target;
    if (!https) return [];
    const sockets = Array.from({ length: 2_500 }, () => {
      const socket = connect(https.port, https.address);
      socket.on('error', () => {});
      return socket;
    });
    await Promise.all(sockets.map((socket) => opened(socket)));
    const outcome = await askTls(https);
    for (const socket of sockets) socket.destroy();
    return [outcome];
  }),
  crowd('500 TLS handshakes at once', async (target) =>
    target.https ? await Promise.all(Array.from({ length: 500 }, () => askTls(target.https!))) : [],
  ),
  crowd('1,000 requests at once', (target) =>
    Promise.all(Array.from({ length: 1_000 }, () => send(target, WHO))),
  ),
];

function askTls({ address, port }: { address: string; port: number }): Promise<Outcome> {
  return new Promise((resolve) => {
    const servername = 'sts.us-east-1.amazonaws.com';
    const socket = connectTls({ host: address, port, servername, rejectUnauthorized: false }, () =>
      socket.write(
        `GET /?Action=GetCallerIdentity&Version=2011-06-15 HTTP/1.1\r\nhost: ${servername}\r\nauthorization: ${signedFor('sts').authorization}\r\n${END}`,
      ),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.once('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0) || 'none'));
  });
}
