// The rules at the server: every route applies them, and each protocol has its format for a refusal.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EchoService } from '../../../test/support/echo-service.ts';
import { ask, askBytes, askQuery, recordingLog, serve, signedFor } from '../../../test/support/wire.ts';
import { dialect } from '../../services/s3/http/dialect.ts';
import type { Service } from '../service.ts';
import { createHostRule } from './host.ts';
import { SANDBOX } from './runnable.ts';

const IDENTITY = 'Action=GetCallerIdentity&Version=2011-06-15';
const ORIGIN = 'http://localhost:3000';
const FOREIGN = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

const s3: Service = {
  ...{ name: 's3', dialect },
  operations: {
    GetObject: ({ Key }) => ({ Body: 'body', ContentLength: 4, ContentType: Key, Metadata: { mine: '1' } }),
    ListBuckets: () => ({}),
  },
};
const services = ['sts', 'ssm', 'ec2', 'lambda', 'monitoring'].map((name) => new EchoService(name));
const hosts = createHostRule({
  allowedHosts: ['millpond.example'],
  isOwnName: () => false,
  serviceOf: (name) => (name === 'www.shop.example' ? 's3' : undefined),
});
const options = { services: [...services, s3], admission: { hosts, allowedOrigins: [ORIGIN] } };

describe('a refusal has the format of each protocol', () => {
  const rows: [what: string, request: Parameters<typeof ask>[1], code: RegExp][] = [
    [
      'query',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: IDENTITY },
      /<ErrorResponse.*<Code>AccessDenied</,
    ],
    [
      'JSON',
      { headers: { 'x-amz-target': 'AmazonSSM.GetParameter', ...signedFor('ssm') }, body: '{}' },
      /"__type":"(com\.amazonaws\.ssm#)?AccessDeniedException"/,
    ],
    [
      'CBOR',
      {
        path: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
        headers: { 'smithy-protocol': 'rpc-v2-cbor', ...signedFor('monitoring') },
      },
      /AccessDeniedException/,
    ],
    [
      'REST and JSON',
      { method: 'GET', path: '/2015-03-31/functions/', headers: signedFor('lambda') },
      /"__type":"AccessDeniedException"/,
    ],
    ['S3', { method: 'GET', path: '/', headers: signedFor('s3') }, /<Error><Code>AccessDenied</],
  ];
  for (const [what, { headers, ...request }, code] of rows) {
    it(what, async (test) => {
      const server = await serve(test, options);
      const pages: Record<string, string>[] = [
        FOREIGN,
        { origin: 'null' },
        { 'sec-fetch-site': 'same-site' },
      ];
      for (const page of pages) {
        const answer = await ask(server, { ...request, headers: { ...headers, ...page } });
        assert.equal(answer.status, 403, answer.text);
        assert.match(answer.text, code);
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
      assert.notEqual((await ask(server, { ...request, headers: headers ?? {} })).status, 403);
    });
  }

  it('EC2', async (test) => {
    const server = await serve(test, options);
    const path = '/?Action=DescribeVpcs&Version=2016-11-15';
    const answer = await ask(server, { method: 'GET', path, headers: { 'sec-fetch-site': 'cross-site' } });
    assert.equal(answer.status, 403);
    assert.match(answer.text, /<Response><Errors><Error><Code>UnauthorizedOperation</);
  });

  it('is not logged for an accepted request', async (test) => {
    const { log, warnings } = recordingLog();
    const server = await serve(test, { ...options, log });
    const image = { method: 'GET', path: '/bucket/image/png', headers: { 'sec-fetch-site': 'cross-site' } };
    assert.equal((await ask(server, image)).status, 200);
    assert.deepEqual(warnings, []);
  });

  it('names the option, and is logged once', async (test) => {
    const { log, warnings } = recordingLog();
    const server = await serve(test, { ...options, log });
    for (let round = 0; round < 3; round++) {
      const answer = await askQuery(server, IDENTITY, FOREIGN);
      assert.match(
        answer.text,
        /pages of &quot;https:\/\/evil\.example&quot; are refused\. --allowed-origin/,
      );
    }
    assert.equal(warnings.length, 1);
    assert.match(
      (await askQuery(server, IDENTITY, { host: 'evil.example' })).text,
      /--allowed-host adds one/,
    );
    assert.equal(warnings.length, 2);
  });
});

describe('the Host header', () => {
  it('of a foreign host is refused before anything else, for programs too', async (test) => {
    const reached: string[] = [];
    const server = await serve(test, {
      ...options,
      fallback: (request, response, refusal) => {
        if (!request.url?.startsWith('/_millpond/')) return false;
        if (refusal === undefined) reached.push(request.headers.host!);
        response.writeHead(refusal === undefined ? 200 : 403).end();
        return true;
      },
    });
    const statuses = async (host: string) => [
      (await askQuery(server, IDENTITY, { host })).status,
      (await ask(server, { method: 'GET', path: '/_millpond/status', headers: { host } })).status,
      (await ask(server, { method: 'GET', path: '/bucket/key', headers: { host } })).status,
      (
        await ask(server, {
          method: 'OPTIONS',
          path: '/',
          headers: { host, origin: ORIGIN, 'access-control-request-method': 'POST' },
        })
      ).status,
    ];
    assert.deepEqual(await statuses('evil.example'), [403, 403, 403, 403]);
    assert.deepEqual(reached, []);
    assert.deepEqual(await statuses('millpond.example:4566'), [200, 200, 200, 204]);
    assert.deepEqual(await statuses('localhost'), [200, 200, 200, 204]);
  });

  it('with the name of a bucket selects that bucket and no other service', async (test) => {
    const others = ['sts', 'ssm'].map((name) => new EchoService(name));
    const server = await serve(test, { ...options, services: [...others, s3] });
    const host = 'www.shop.example';
    const got = await ask(server, { method: 'GET', path: '/image/png', headers: { host } });
    assert.deepEqual([got.status, got.headers['content-type']], [200, 'image/png']);
    for (const headers of [signedFor('sts'), { 'x-amz-target': 'AmazonSSM.GetParameter' }]) {
      assert.match((await askQuery(server, IDENTITY, { host, ...headers })).text, /<Error><Code>/);
    }
    for (const { asked } of others) assert.equal(asked.size, 0);
  });

  it('is checked together with the host in the request target', async (test) => {
    const server = await serve(test, options);
    const get = (target: string) =>
      askBytes(server, `GET ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    assert.match(await get(`http://evil.example/?${IDENTITY}`), /^HTTP\/1\.1 403 /);
    assert.match(await get(`http://127.0.0.1/?${IDENTITY}`), /^HTTP\/1\.1 200 /);
  });

  it('must occur once, whatever its values and whatever the request', async (test) => {
    const reached: string[] = [];
    const fallback = ({ url = '' }: { url?: string }) => reached.push(url) === 0;
    const server = await serve(test, { ...options, fallback });
    const get = (first: string, second: string, path = `/?${IDENTITY}`) =>
      askBytes(server, `GET ${path} HTTP/1.1\r\nhost: ${first}\r\nHost: ${second}\r\n\r\n`);
    for (const [first, second] of [
      ['localhost', 'evil.example'],
      ['evil.example', 'localhost'],
      ['localhost', 'localhost'],
      ['localhost', ''],
    ] as const) {
      assert.match(await get(first, second), /^HTTP\/1\.1 400 /);
      assert.match(await get(first, second, '/_millpond/status'), /^HTTP\/1\.1 400 /);
    }
    assert.deepEqual(reached, []);
  });

  it('may be absent in HTTP/1.0', async (test) => {
    const server = await serve(test, options);
    assert.match(await askBytes(server, `GET /?${IDENTITY} HTTP/1.0\r\n\r\n`), /^HTTP\/1\.1 200 /);
    assert.match(await askBytes(server, `GET /?${IDENTITY} HTTP/1.0\r\nhost: evil.example\r\n\r\n`), / 403 /);
  });
});

describe('pages of an allowed origin', () => {
  const page = { origin: ORIGIN, 'sec-fetch-site': 'same-site' };

  it('get a response to every preflight request', async (test) => {
    const server = await serve(test, options);
    for (const path of ['/', '/bucket/key', '/2015-03-31/functions/', '/_millpond/status']) {
      const answer = await ask(server, {
        ...{ method: 'OPTIONS', path },
        headers: {
          ...page,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'authorization,x-amz-target,x-amz-date',
          'access-control-request-private-network': 'true',
        },
      });
      assert.equal(answer.status, 204);
      const { vary, ...headers } = answer.headers;
      assert.equal(vary, 'Origin');
      const cors = Object.entries(headers).filter(([name]) => name.startsWith('access-control-'));
      assert.deepEqual(Object.fromEntries(cors), {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': 'authorization,x-amz-target,x-amz-date',
        'access-control-allow-private-network': 'true',
        'access-control-max-age': '600',
      });
    }
  });

  it('may read every header, also of failures', async (test) => {
    const server = await serve(test, options);
    const got = await ask(server, { method: 'GET', path: '/bucket/image/png', headers: page });
    assert.equal(got.headers['access-control-allow-origin'], ORIGIN);
    const exposed = String(got.headers['access-control-expose-headers']).split(', ');
    for (const name of ['x-amz-request-id', 'x-amzn-requestid', 'x-amz-meta-mine', 'content-length']) {
      assert.ok(exposed.includes(name), name);
    }
    const failed = await askQuery(server, 'Action=Fly&Version=2011-06-15', { ...page, ...signedFor('sts') });
    assert.deepEqual([failed.status, failed.headers['access-control-allow-origin']], [400, ORIGIN]);
  });

  it('are refused under a foreign host', async (test) => {
    const server = await serve(test, options);
    const answer = await askQuery(server, IDENTITY, { ...page, host: 'evil.example' });
    assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [403, undefined]);
  });
});

describe('a response that a browser would run', () => {
  const BROWSER = { 'sec-fetch-site': 'none' };
  const policyOf = async (server: Parameters<typeof ask>[0], type: string, headers = {}) =>
    (await ask(server, { method: 'GET', path: `/bucket/${type}`, headers })).headers[
      'content-security-policy'
    ];

  it('is put in a sandbox', async (test) => {
    const server = await serve(test, options);
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'strange/type']) {
      assert.equal(await policyOf(server, type, BROWSER), SANDBOX, type);
      assert.equal(await policyOf(server, type, { 'user-agent': 'Mozilla/5.0' }), SANDBOX, type);
      assert.equal(await policyOf(server, type), undefined, type);
    }
    for (const type of ['application/pdf', 'image/png', 'text/plain']) {
      assert.equal(await policyOf(server, type, BROWSER), undefined, type);
    }
  });
});

it('an operation that changes something is refused by GET, unless a header signs it', async (test) => {
  const server = await serve(test, options);
  const credential = encodeURIComponent('AKID/20260101/us-east-1/sts/aws4_request');
  const statusOf = async (query: string, headers = {}) =>
    (await ask(server, { method: 'GET', path: `/?Version=2011-06-15&${query}`, headers })).status;
  const assume = 'Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/x&RoleSessionName=me';
  assert.equal(await statusOf(assume), 403);
  assert.equal(await statusOf(`${assume}&X-Amz-Credential=${credential}&X-Amz-Signature=00`), 403);
  assert.equal(await statusOf(assume, signedFor('sts')), 200);
  assert.equal(await statusOf('Action=GetCallerIdentity'), 200);
  assert.equal(await statusOf('Action=GetCallerIdentity', { 'sec-fetch-site': 'none' }), 200);
  assert.equal(await statusOf('Action=GetCallerIdentity', { 'sec-fetch-site': 'cross-site' }), 403);
});
