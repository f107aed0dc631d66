import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corsHeaders } from './cors.ts';
import { eventOf, responseOf } from './url-request.ts';

const REQUEST = {
  method: 'GET',
  target: '/',
  headers: {},
  body: Buffer.alloc(0),
  sourceAddress: '127.0.0.1',
  host: '127.0.0.1:1234',
  accountId: '000000000000',
  requestId: 'id',
  now: Date.UTC(2026, 10, 21, 10, 9, 8),
};

test('a request becomes an event of format 2.0', () => {
  const event = eventOf({
    ...REQUEST,
    target: '/a%20b?x=1&x=2&__proto__=3',
    headers: { cookie: 'a=1; b=2' },
  });
  assert.equal(event.version, '2.0');
  assert.equal(event.rawPath, '/a b');
  assert.equal(event.rawQueryString, 'x=1&x=2&__proto__=3');
  assert.deepEqual(Object.entries(event.queryStringParameters!), [
    ['x', '1,2'],
    ['__proto__', '3'],
  ]);
  assert.deepEqual(event.cookies, ['a=1', 'b=2']);
  assert.equal(event.requestContext.time, '21/Nov/2026:10:09:08 +0000');
  assert.equal(event.isBase64Encoded, false);
  assert.equal('body' in event, false);
});

test('bodies that are not text are base64', () => {
  const of = (type: string) => {
    const { body, isBase64Encoded } = eventOf({
      ...REQUEST,
      headers: { 'content-type': type },
      body: Buffer.from('{}'),
    });
    return [body, isBase64Encoded];
  };
  assert.deepEqual(of('application/json'), ['{}', false]);
  assert.deepEqual(of('application/vnd.api+json'), ['{}', false]);
  assert.deepEqual(of('image/png'), ['e30=', true]);
  assert.deepEqual(of('application/x-www-form-urlencoded'), ['e30=', true]);
});

test('each answer becomes the expected response', () => {
  const of = (answer: unknown) => {
    const { status, headers, body } = responseOf(Buffer.from(JSON.stringify(answer)), false);
    return [status, headers['content-type'], body.toString()];
  };
  assert.deepEqual(of({ statusCode: 200, body: 'plain', headers: { 'Content-Type': 'text/html' } }), [
    200,
    'text/html',
    'plain',
  ]);
  assert.deepEqual(of({ statusCode: 404 }), [404, 'application/json', '']);
  assert.deepEqual(of({ statusCode: 200, body: 'aGk=', isBase64Encoded: true }), [
    200,
    'application/json',
    'hi',
  ]);
  assert.deepEqual(of({ a: 1 }), [200, 'application/json', '{"a":1}']);
  assert.deepEqual(of('text'), [200, 'application/json', 'text']);
  assert.deepEqual(of(null), [200, 'application/json', 'null']);
  assert.equal(of({ statusCode: 'no' })[0], 502);
  assert.equal(responseOf(Buffer.from('{'), false).status, 502);
  assert.equal(responseOf(Buffer.from('{}'), true).status, 502);
  const { headers } = responseOf(
    Buffer.from(
      JSON.stringify({ statusCode: 200, headers: { 'bad name': 'x', 'X-A': 'a\r\nb', Connection: 'close' } }),
    ),
    false,
  );
  assert.deepEqual(headers, { 'content-type': 'application/json', 'x-a': 'a??b' });
});

test('only allowed origins get CORS headers', () => {
  const origin = (allowOrigins: string[], from: string) =>
    corsHeaders({ allowOrigins }, from, false)['access-control-allow-origin'];
  assert.equal(origin(['*'], 'https://a.test'), '*');
  assert.equal(origin(['https://*.a.test'], 'https://b.a.test'), 'https://b.a.test');
  assert.equal(origin(['https://*.a.test'], 'https://a.test'), undefined);
  assert.equal(origin(['https://a.test'], 'https://b.test'), undefined);
});
