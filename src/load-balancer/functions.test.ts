// Requests to functions, through the real process: the event, the answers, and what is counted.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { freePort } from '../../test/support/free-port.ts';
import {
  answering,
  balancer,
  GROUP,
  HEALTH_CHECK,
  lambdaGroup,
  RawClient,
  TestBalancers,
} from './load-balancer.fixture.ts';
import type { Balancer, FunctionFailure, FunctionTarget } from './load-balancers.ts';

async function start(
  t: TestContext,
  group: Partial<FunctionTarget> = {},
  attributes: Partial<Balancer['attributes']> = {},
): Promise<{ test: TestBalancers; client: RawClient; port: number }> {
  const test = new TestBalancers(t);
  const port = await freePort();
  const failures = await test.balancers.set(balancer(port, lambdaGroup(group), { attributes }));
  assert.deepEqual(failures, []);
  const client = new RawClient(port);
  t.after(() => client.end());
  return { test, client, port };
}

const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;

describe('a function as the target', () => {
  it('gets the event of AWS', async (t) => {
    const { test, client, port } = await start(t);
    client.get(
      '/a%20b/c?x=1&x=2&y=%2F&z',
      'Accept: */*',
      'Cookie: a=1',
      'Cookie: b=2',
      'X-Forwarded-For: 10.0.0.1',
    );
    await client.answer();
    const { event } = test.invoked[0]!;
    const trace = event.headers['x-amzn-trace-id']!;
    assert.match(trace, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    assert.deepEqual(event, {
      requestContext: { elb: { targetGroupArn: GROUP } },
      httpMethod: 'GET',
      path: '/a%20b/c',
      queryStringParameters: { x: '2', y: '%2F', z: '' },
      headers: {
        accept: '*/*',
        cookie: 'b=2',
        host: `example.com:${port}`,
        'x-amzn-trace-id': trace,
        'x-forwarded-for': '10.0.0.1, 127.0.0.1',
        'x-forwarded-port': String(port),
        'x-forwarded-proto': 'http',
      },
      body: '',
      isBase64Encoded: false,
    });
  });

  it('gets every value with multi-value headers, and answers with such headers', async (t) => {
    const { test, client } = await start(t, { multiValueHeaders: true });
    test.answer = () =>
      answering({
        statusCode: 200,
        headers: { 'X-Ignored': '1' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'Content-Type': ['text/plain'] },
        body: 'hello',
      });
    client.get('/?x=1&x=2&__proto__=3', 'Cookie: a=1', 'Cookie: b=2');
    const { rawHeaders, headers, body } = await client.answer();
    const { event } = test.invoked[0]!;
    assert.deepEqual(event.multiValueHeaders.cookie, ['a=1', 'b=2']);
    assert.equal(JSON.stringify(event.multiValueQueryStringParameters), '{"x":["1","2"],"__proto__":["3"]}');
    assert.ok(!('headers' in event || 'queryStringParameters' in event));
    assert.deepEqual(
      rawHeaders.filter((_, index) => rawHeaders[index - 1] === 'Set-Cookie'),
      ['a=1', 'b=2'],
    );
    assert.ok(!('x-ignored' in headers));
    assert.equal(body, 'hello');
  });

  it('gets text as it is, and everything else as base64', async (t) => {
    const { test, client } = await start(t);
    for (const [headers, sent, body, isBase64Encoded] of [
      [['Content-Type: text/csv'], 'a,b', 'a,b', false],
      [['Content-Type: application/json; charset=utf-8'], '{}', '{}', false],
      [['Content-Type: application/xml'], '<a/>', '<a/>', false],
      [['Content-Type: application/javascript'], '1', '1', false],
      [['Content-Type: application/x-www-form-urlencoded'], 'a=b', 'YT1i', true],
      [['Content-Type: application/jsonp'], 'a', 'YQ==', true],
      [[], 'a', 'YQ==', true],
      [['Content-Type: text/plain', 'Content-Encoding: gzip'], 'a', 'YQ==', true],
    ] as const) {
      client.post('/', sent, ...headers);
      await client.answer();
      const { event } = test.invoked.at(-1)!;
      assert.deepEqual([event.body, event.isBase64Encoded], [body, isBase64Encoded], headers.join());
    }
    client.send(
      'POST / HTTP/1.1',
      'Host: a',
      'Content-Type: text/plain',
      'Transfer-Encoding: chunked',
      '',
      '',
    );
    client.send('2', 'ab', '1', 'c', '0', '', '');
    await client.answer();
    const { event } = test.invoked.at(-1)!;
    assert.deepEqual([event.body, event.headers['transfer-encoding']], ['abc', undefined]);
  });

  it('answers with status, description, headers and body', async (t) => {
    const { test, client } = await start(t);
    test.answer = () =>
      answering({
        statusCode: 201,
        statusDescription: '201 Made it',
        headers: {
          'Content-Type': 'text/html',
          Connection: 'close',
          'Transfer-Encoding': 'chunked',
          'Content-Length': '9',
          'X-Ü': 'a',
        },
        body: Buffer.from([0, 255]).toString('base64'),
        isBase64Encoded: true,
      });
    client.get('/');
    // A name with other characters than tokens have is malformed.
    assert.equal((await client.answer()).status, 502);
    test.answer = () =>
      answering({
        statusCode: 201,
        statusDescription: '201 Made it',
        headers: {
          'Content-Type': 'text/html',
          Connection: 'close',
          'Transfer-Encoding': 'chunked',
          'Content-Length': '9',
          'X-Text': 'ü',
        },
        body: Buffer.from([0, 255]).toString('base64'),
        isBase64Encoded: true,
      });
    client.get('/');
    const { status, reason, rawHeaders, body } = await client.answer();
    assert.deepEqual([status, reason, body], [201, 'Made it', '\x00\xff']);
    assert.deepEqual(rawHeaders.slice(0, -1), [
      ...['Server', 'awselb/2.0', 'Content-Type', 'text/html', 'X-Text', 'Ã¼', 'Content-Length', '2'],
      ...['Connection', 'keep-alive', 'Date'],
    ]);
  });

  it('may answer with a status alone', async (t) => {
    const { test, client } = await start(t);
    client.get('/');
    const { status, reason, headers, body } = await client.answer();
    assert.deepEqual([status, reason, body], [200, 'OK', '']);
    assert.equal(headers['content-type'], 'application/octet-stream');
    test.answer = () => answering({ statusCode: 204, body: 'not sent' });
    client.get('/');
    assert.deepEqual((await client.answer()).headers['content-length'], undefined);
  });

  it('has its answer to HEAD sent without the body', async (t) => {
    const { test, client } = await start(t);
    test.answer = () => answering({ statusCode: 200, body: 'abc' });
    client.send('HEAD / HTTP/1.1', 'Host: a', '', '');
    const { headers } = await client.answer(true);
    assert.equal(headers['content-length'], '3');
    client.get('/');
    assert.equal((await client.answer()).body, 'abc');
  });

  it('is a 502 when its answer is malformed', async (t) => {
    const { test, client } = await start(t);
    const malformed = [
      'no JSON',
      '"text"',
      '[]',
      'null',
      {},
      { body: 'a' },
      { statusCode: '200' },
      { statusCode: 200.5 },
      { statusCode: 99 },
      { statusCode: 101 },
      { statusCode: 600 },
      { statusCode: 200, body: { a: 1 } },
      { statusCode: 200, body: null },
      { statusCode: 200, headers: null },
      { statusCode: 200, headers: [] },
      { statusCode: 200, headers: { a: 1 } },
      { statusCode: 200, headers: { a: ['b'] } },
      { statusCode: 200, headers: { a: 'b\r\nc: d' } },
      { statusCode: 200, headers: { 'a b': 'c' } },
      { statusCode: 200, isBase64Encoded: 'yes' },
      { statusCode: 200, statusDescription: null },
    ];
    for (const answer of malformed) {
      test.answer = () => answering(answer);
      client.get('/');
      const { status, reason, headers, body } = await client.answer();
      assert.deepEqual(
        [status, reason, body],
        [502, 'Bad Gateway', page('502 Bad Gateway')],
        JSON.stringify(answer),
      );
      assert.equal(headers['content-length'], '122');
      assert.deepEqual([headers.server, headers['content-type']], ['awselb/2.0', 'text/html']);
    }
    await test.counted('LambdaUserError', malformed.length, GROUP);
    await test.counted('HTTPCode_ELB_502_Count', malformed.length);
    await test.counted('HTTPCode_ELB_5XX_Count', malformed.length);
    assert.equal(test.sum('HTTPCode_Target_2XX_Count'), 0);
  });

  it('is a 502 when it fails, and each failure counts as AWS counts it', async (t) => {
    const { test, client } = await start(t);
    const failures: FunctionFailure[] = ['denied', 'error', 'throttled', 'missing', 'tooLarge', 'internal'];
    for (const failed of failures) {
      test.answer = () => ({ failed });
      client.get('/');
      assert.equal((await client.answer()).status, 502);
    }
    await test.counted('LambdaUserError', 5, GROUP);
    await test.counted('LambdaInternalError', 1, GROUP);
    await test.counted('RequestCount', 6, GROUP);
  });

  it('is a 502 when its answer exceeds 1 MB', async (t) => {
    const { test, client } = await start(t);
    test.answer = () => answering({ statusCode: 200, body: 'a'.repeat(1024 * 1024) });
    client.get('/');
    assert.equal((await client.answer()).status, 502);
    test.answer = () => answering({ statusCode: 200, body: 'a'.repeat(1024 * 1024 - 100) });
    client.get('/');
    assert.equal((await client.answer()).body.length, 1024 * 1024 - 100);
  });

  it('is not called with a body of more than 1 MB: 413', async (t) => {
    const { test, port } = await start(t);
    const declared = new RawClient(port).post('/', 'a'.repeat(1024 * 1024 + 1));
    assert.equal((await declared.answer()).status, 413);
    const chunked = new RawClient(port);
    chunked.send('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', '', '');
    for (let index = 0; index < 17; index++) chunked.send('10000', 'a'.repeat(0x10000), '');
    const answer = await chunked.answer();
    assert.deepEqual([answer.status, answer.headers.connection], [413, 'close']);
    await chunked.closed();
    assert.equal(test.invoked.length, 0);
    const full = new RawClient(port).post('/', '\x01'.repeat(1024 * 1024), 'Content-Type: text/plain');
    assert.equal((await full.answer()).status, 200);
    assert.equal(test.invoked[0]!.event.body.length, 1024 * 1024);
    full.end();
  });

  it('is a 503 while none is registered', async (t) => {
    const { test, client } = await start(t, { functionArn: undefined as never });
    client.get('/');
    const { status, reason, body } = await client.answer();
    assert.deepEqual([status, reason], [503, 'Service Temporarily Unavailable']);
    assert.equal(body, page('503 Service Temporarily Unavailable'));
    assert.equal(test.invoked.length, 0);
  });

  it('is not asked for WebSockets: 400', async (t) => {
    const { client } = await start(t);
    client.get('/', 'Connection: Upgrade', 'Upgrade: websocket');
    assert.equal((await client.answer()).status, 400);
    await client.closed();
  });

  it('answers requests of a connection in their order, whichever is done first', async (t) => {
    const { test, client } = await start(t);
    const first = Promise.withResolvers<void>();
    test.answer = async ({ event }) => {
      if (event.path === '/1') await first.promise;
      return answering({ statusCode: 200, body: event.path });
    };
    client.get('/1').get('/2').post('/3', 'body');
    await test.until(() => test.invoked.length === 1);
    first.resolve();
    const bodies = [await client.answer(), await client.answer(), await client.answer()].map(
      ({ body }) => body,
    );
    assert.deepEqual(bodies, ['/1', '/2', '/3']);
  });

  it('serves HTTP/1.0, without and with keep-alive', async (t) => {
    const { test, client, port } = await start(t);
    client.send('GET / HTTP/1.0', '', '');
    const { headers } = await client.answer();
    assert.equal(headers.connection, 'close');
    await client.closed();
    assert.equal(test.invoked[0]!.event.headers.host, `127.0.0.1:${port}`);
    const kept = new RawClient(port);
    for (let round = 0; round < 2; round++) {
      kept.send('GET / HTTP/1.0', 'Connection: keep-alive', '', '');
      assert.equal((await kept.answer()).headers.connection, 'keep-alive');
    }
    kept.end();
  });

  it('is answered at once with 100 to Expect, which no target sees', async (t) => {
    const { test, client } = await start(t);
    client.send('POST / HTTP/1.1', 'Host: a', 'Expect: 100-continue', 'Content-Length: 1', '', '');
    assert.equal((await client.answer(true)).status, 100);
    client.send('a');
    assert.equal((await client.answer()).status, 200);
    assert.equal(test.invoked[0]!.event.headers.expect, undefined);
  });

  it('counts a client that does not wait as 460', async (t) => {
    const { test, client } = await start(t);
    const gone = Promise.withResolvers<void>();
    test.answer = async () => {
      await gone.promise;
      return answering({ statusCode: 200 });
    };
    client.get('/');
    await test.until(() => test.invoked.length === 1);
    client.end();
    await test.counted('HTTPCode_ELB_4XX_Count', 1);
    gone.resolve();
    assert.equal(test.sum('HTTPCode_Target_2XX_Count'), 0);
  });

  it('counts requests, answers, bytes, connections and times', async (t) => {
    const { test, client } = await start(t);
    for (const statusCode of [200, 204, 301, 404, 500]) {
      test.answer = () => answering({ statusCode });
      client.get('/');
      await client.answer();
    }
    client.end();
    await test.until(() => test.counts.some(({ activeConnections }) => activeConnections === 0));
    for (const [metric, sum] of [
      ['RequestCount', 5],
      ['HTTPCode_Target_2XX_Count', 2],
      ['HTTPCode_Target_3XX_Count', 1],
      ['HTTPCode_Target_4XX_Count', 1],
      ['HTTPCode_Target_5XX_Count', 1],
    ] as const) {
      assert.equal(test.sum(metric), sum, metric);
      assert.equal(test.sum(metric, GROUP), sum, metric);
    }
    assert.equal(test.sum('NewConnectionCount'), 1);
    assert.equal(test.sum('HTTPCode_ELB_5XX_Count'), 0);
    assert.ok(test.sum('ProcessedBytes') > 500);
    assert.ok(test.sum('LambdaTargetProcessedBytes', GROUP) > 500);
    const times = test.counts
      .filter(({ targetGroupArn }) => targetGroupArn)
      .flatMap((each) => each.targetResponseTimes);
    assert.equal(times.length, 5);
    assert.ok(test.counts.every(({ zone, balancerArn }) => zone === 'us-east-1a' && balancerArn !== ''));
  });

  it('has its health checked where that is enabled', async (t) => {
    const test = new TestBalancers(t);
    const statuses = [500, 200];
    test.answer = () => answering({ statusCode: statuses.shift() ?? 200 });
    const healthCheck = { ...HEALTH_CHECK, path: '/up?a=b', intervalSeconds: 0.01 };
    await test.balancers.set(balancer(await freePort(), lambdaGroup({ healthCheck })));
    const key = 'arn:aws:lambda:us-east-1:000000000000:function:test';
    await test.until(() => test.balancers.health(GROUP).get(key)?.state === 'healthy');
    assert.deepEqual(test.invoked[0]!.event, {
      requestContext: { elb: { targetGroupArn: GROUP } },
      ...{ httpMethod: 'GET', path: '/up', queryStringParameters: { a: 'b' } },
      headers: { 'user-agent': 'ELB-HealthChecker/2.0' },
      ...{ body: '', isBase64Encoded: false },
    });
    assert.equal(test.sum('RequestCount'), 0);
  });
});
