// Tests the parser of requests with every split of the bytes, several requests, and its limits.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedRequest, RequestReader, type RuntimeRequest } from './request-reader.ts';

const MOST = 1000;
const NEXT = 'GET /next HTTP/1.1\r\nhost: a\r\n\r\n';
const POST = 'POST /response HTTP/1.1\r\nContent-Type: text/plain\r\ncontent-length: 5\r\n\r\nhello';
const CHUNKED =
  'POST /response HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nx-trailer: 1\r\n\r\n';

function read(text: string, pieceBytes = Number.POSITIVE_INFINITY) {
  const requests: RuntimeRequest[] = [];
  let expectations = 0;
  const reader = new RequestReader({ mostBodyBytes: MOST, onExpectation: () => expectations++ });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.add(bytes.subarray(at, at + pieceBytes));
    for (let request = reader.next(); request; request = reader.next()) requests.push(request);
  }
  return { requests, expectations, unreadBytes: reader.unreadBytes };
}

describe('requests', () => {
  for (const pieceBytes of [1, 2, 7, 50, Number.POSITIVE_INFINITY]) {
    it(`are parsed from pieces of ${pieceBytes} bytes`, () => {
      const { requests, unreadBytes } = read(POST + NEXT + CHUNKED + NEXT, pieceBytes);
      assert.deepEqual(
        requests.map(({ method, path, body }) => [method, path, body.toString()]),
        [
          ['POST', '/response', 'hello'],
          ['GET', '/next', ''],
          ['POST', '/response', 'hello'],
          ['GET', '/next', ''],
        ],
      );
      assert.equal(requests[0]!.contentType, 'text/plain');
      assert.equal(unreadBytes, 0);
    });
  }

  it('wait for missing bytes', () => {
    for (const text of [POST.slice(0, -1), CHUNKED.slice(0, -2), NEXT.slice(0, -3), '']) {
      assert.deepEqual(read(text).requests, []);
    }
  });

  it('over the limit are read to their end and not kept', () => {
    const large = 'x'.repeat(MOST + 1);
    const chunks = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    for (const text of [
      `POST /a HTTP/1.1\r\ncontent-length: ${large.length}\r\n\r\n${large}`,
      `POST /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n${chunks}`,
    ]) {
      const { requests } = read(text + NEXT, 100);
      assert.deepEqual(
        requests.map(({ isTooLarge, body }) => [isTooLarge, body.length]),
        [
          [true, 0],
          [false, 0],
        ],
      );
    }
    const most = 'x'.repeat(MOST);
    const [request] = read(`POST /a HTTP/1.1\r\ncontent-length: ${MOST}\r\n\r\n${most}`, 100).requests;
    assert.deepEqual([request!.isTooLarge, request!.body.toString()], [false, most]);
  });

  it('tell whether they are the last, and whether they wait for 100 Continue', () => {
    const isLast = (text: string) => read(text).requests[0]!.isLast;
    assert.equal(isLast(NEXT), false);
    assert.equal(isLast('GET /next HTTP/1.1\r\nConnection: Close\r\n\r\n'), true);
    assert.equal(isLast('GET /next HTTP/1.0\r\n\r\n'), true);
    assert.equal(isLast('GET /next HTTP/1.0\r\nconnection: keep-alive\r\n\r\n'), false);
    assert.equal(read(POST).expectations, 0);
    assert.equal(read(POST.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n')).expectations, 1);
  });

  const malformed = {
    'no request line': 'hello\r\n\r\n',
    'no path': 'GET http://a/ HTTP/1.1\r\n\r\n',
    'another protocol': 'GET / HTTP/2.0\r\n\r\n',
    'no header': 'GET / HTTP/1.1\r\nnothing\r\n\r\n',
    'no length': 'POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n',
    'a coding that nobody has': 'POST / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n',
    'no size': 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'a size beyond measure': 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nfffffffff\r\n',
    'more than a chunk said': 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n',
    'a head without end': `GET / HTTP/1.1\r\na: ${'x'.repeat(70_000)}`,
    'a head too long': `GET / HTTP/1.1\r\na: ${'x'.repeat(70_000)}\r\n\r\n`,
    'a line without end': `POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;${'x'.repeat(70_000)}`,
    'trailers without end': `POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(20_000)}`,
  };
  for (const [what, text] of Object.entries(malformed)) {
    it(`are malformed with ${what}`, () => assert.throws(() => read(text), MalformedRequest));
  }
});
