// What clients send in place of HTTP, through the real process: AWS's answers, and none of it reaches a target.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { freePort } from '../../test/support/free-port.ts';
import {
  balancer,
  forward,
  lambdaGroup,
  listener,
  RawClient,
  rule,
  TestBalancers,
} from './load-balancer.fixture.ts';

const HOST = 'Host: example.com';
const post = (headers: string[], body = '') => ['POST / HTTP/1.1', HOST, ...headers, '', body].join('\r\n');
const get = (target: string, ...headers: string[]) =>
  [`GET ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n');

/** Bytes, and the status with which they are refused. */
const REFUSED: Readonly<Record<string, [string, number]>> = {
  noise: ['\x9b'.repeat(1_000), 400],
  'no protocol': ['GET /\r\n\r\n', 505],
  'HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  'no host': [get('/'), 400],
  'two hosts': [get('/', HOST, 'Host: other.example'), 400],
  TRACE: ['TRACE / HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  'a target without a slash': [get('a', HOST), 400],
  'a request line of 17 KB': [get(`/${'a'.repeat(17_000)}`, HOST), 414],
  'a query of 17 KB': [get(`/?${'a'.repeat(17_000)}`, HOST), 414],
  'a header of 17 KB': [get('/', HOST, `A: ${'a'.repeat(17_000)}`), 400],
  'headers of 70 KB': [get('/', HOST, ...Array.from({ length: 7 }, () => `A: ${'a'.repeat(10_000)}`)), 400],
  'a folded header': [get('/', HOST, 'A: b', ' c'), 400],
  'a header with a zero': [get('/', HOST, 'A: b\0c'), 400],
  'a blank before the colon': [get('/', HOST, 'Content-Length : 0'), 400],
  'a bare line feed': ['GET / HTTP/1.1\r\nHost: a\nContent-Length: 5\r\n\r\n', 400],
  '31 forwarded addresses': [
    get('/', HOST, `X-Forwarded-For: ${Array(31).fill('10.0.0.1').join(', ')}`),
    463,
  ],
  'an encoding of the transfer that is not chunked': [
    post(['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'),
    501,
  ],
  // Requests that a target could read as two.
  'a length and chunks': [post(['Content-Length: 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 400],
  'chunks and a length': [post(['Transfer-Encoding: chunked', 'Content-Length: 3'], '0\r\n\r\n'), 400],
  'two lengths': [post(['Content-Length: 3', 'Content-Length: 4'], 'abcd'), 400],
  'two equal lengths': [post(['Content-Length: 3', 'Content-Length: 3'], 'abc'), 400],
  'a list of lengths': [post(['Content-Length: 3, 3'], 'abc'), 400],
  'a negative length': [post(['Content-Length: -1']), 400],
  'a length with a sign': [post(['Content-Length: +3'], 'abc'), 400],
  'a hexadecimal length': [post(['Content-Length: 0x3'], 'abc'), 400],
  'chunked twice': [post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 501],
  'chunked with a blank': [post(['Transfer-Encoding : chunked'], '0\r\n\r\n'), 400],
  'chunked with a vertical tab': [post(['Transfer-Encoding: \x0bchunked'], '0\r\n\r\n'), 400],
  'a chunk without a size': [post(['Transfer-Encoding: chunked'], 'zz\r\n'), 400],
  'a chunk of 2^64': [post(['Transfer-Encoding: chunked'], 'fffffffffffffffff\r\n'), 400],
  'a chunk that is longer than its size': [
    post(['Transfer-Encoding: chunked'], '1\r\nabc\r\n0\r\n\r\n'),
    400,
  ],
};

it('refuses malformed requests as AWS does, with no word to the target', async (t) => {
  const test = new TestBalancers(t);
  const port = await freePort();
  await test.balancers.set(balancer(port, lambdaGroup()));
  const wrong: string[] = [];
  for (const [name, [bytes, status]] of Object.entries(REFUSED)) {
    const client = new RawClient(port).send(bytes);
    const answer = await client.answer();
    if (answer.status !== status) wrong.push(`${name}: ${answer.status} in place of ${status}`);
    assert.equal(answer.headers.server, 'awselb/2.0', name);
    assert.match(answer.body, new RegExp(`<h1>${answer.status}`), name);
    client.end();
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(test.invoked, []);
  const own = Object.values(REFUSED).filter(([, status]) => status < 500).length;
  await test.counted('HTTPCode_ELB_4XX_Count', own);
});

it('reads the host of an absolute target, and the path that follows it', async (t) => {
  const test = new TestBalancers(t);
  const port = await freePort();
  await test.balancers.set(balancer(port, lambdaGroup()));
  const client = new RawClient(port).send(get('http://other.example/a?b', HOST));
  await client.answer();
  client.send(get('http://other.example', HOST));
  await client.answer();
  client.end();
  const [first, second] = test.invoked;
  assert.deepEqual([first!.event.path, first!.event.headers.host], ['/a', `other.example:${port}`]);
  assert.equal(second!.event.path, '/');
});

it('answers a client that stops in the middle of its request with 408', async (t) => {
  const test = new TestBalancers(t);
  const port = await freePort();
  const attributes = { idleTimeoutSeconds: 0.2 };
  await test.balancers.set(balancer(port, lambdaGroup(), { attributes }));
  const client = new RawClient(port).send('POST / HTTP/1.1', HOST, 'Content-Length: 10', '', 'abc');
  assert.equal((await client.answer()).status, 408);
  await client.closed();
  // One that sends nothing is not told why.
  assert.equal(await new RawClient(port).closed(), '');
});

it('is not slowed down by patterns and texts that were made for it', async (t) => {
  const test = new TestBalancers(t);
  const port = await freePort();
  const patterns = [`*${'a'.repeat(60)}*${'?'.repeat(30)}b`, '*a*a*a*a*a*b'];
  const rules = Array.from({ length: 100 }, () => rule([{ field: 'header', name: 'A', patterns }], forward));
  const fallback = rule([], { does: 'respond', status: 200, body: 'none' });
  await test.balancers.set({
    ...balancer(port, lambdaGroup()),
    listeners: [listener(port, [...rules, fallback])],
  });
  const timed = async (value: string) => {
    const client = new RawClient(port);
    const since = performance.now();
    assert.equal((await client.get('/', `A: ${value}`).answer()).body, 'none');
    client.end();
    return performance.now() - since;
  };
  const floor = Math.max(await timed('x'.repeat(16_000)), 1);
  assert.ok((await timed('a'.repeat(16_000))) < 500 + 20 * floor);
});
