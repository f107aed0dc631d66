// Requests to addresses, through the real process: proxying, choosing targets, failures, health and WebSockets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { freePort } from '../../test/support/free-port.ts';
import {
  ADDRESS,
  addressGroup,
  BALANCER,
  balancer,
  GROUP,
  HEALTH_CHECK,
  RawClient,
  TestBalancers,
} from './load-balancer.fixture.ts';
import type { AddressTargets, Balancer, TargetHealth } from './load-balancers.ts';

/** A target that answers health checks. */
async function target(t: TestContext, listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    if (request.url === '/health') response.end();
    else listener(request, response);
  });
  server.listen(0, ADDRESS);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A target of bare sockets. */
async function socketTarget(t: TestContext, onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  }).listen(0, ADDRESS);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

async function start(
  t: TestContext,
  ports: readonly number[],
  group: Partial<AddressTargets> = {},
  attributes: Partial<Balancer['attributes']> = {},
): Promise<{ test: TestBalancers; client: RawClient; port: number }> {
  const test = new TestBalancers(t);
  const port = await freePort();
  const configuration = balancer(port, addressGroup(ports, group), { attributes });
  assert.deepEqual(await test.balancers.set(configuration), []);
  const client = new RawClient(port);
  t.after(() => client.end());
  return { test, client, port };
}

const healthOf = (test: TestBalancers, port: number): TargetHealth | undefined =>
  test.balancers.health(GROUP).get(`${ADDRESS}:${port}`);

const pairs = ({ rawHeaders }: IncomingMessage) =>
  Object.fromEntries(
    Array.from({ length: rawHeaders.length / 2 }, (_, index) => rawHeaders.slice(index * 2, index * 2 + 2)),
  );

describe('an address as the target', () => {
  it('gets the request with the headers of AWS, and its answer is passed on', async (t) => {
    const seen: Record<string, string>[] = [];
    const { port: targetPort } = await target(t, (request, response) => {
      seen.push({ ...pairs(request), method: request.method!, url: request.url! });
      response.writeHead(201, 'Made', {
        'X-Answer': 'yes',
        'Keep-Alive': 'timeout=1',
        'Set-Cookie': ['a=1', 'b=2'],
      });
      request.pipe(response);
    });
    const { client, port } = await start(t, [targetPort]);
    client.post(
      '/a%20b?c=%20',
      'hello',
      'X-Custom: a',
      'Connection: keep-alive, X-Gone',
      'Keep-Alive: timeout=5',
    );
    const { status, reason, rawHeaders, headers, body } = await client.answer();
    assert.deepEqual([status, reason, body, headers['x-answer']], [201, 'Made', 'hello', 'yes']);
    assert.equal(rawHeaders.filter((name) => name === 'Set-Cookie').length, 2);
    assert.equal(headers['keep-alive'], undefined);
    const { 'X-Amzn-Trace-Id': trace, ...others } = seen[0]!;
    assert.match(trace!, /^Root=1-/);
    assert.deepEqual(others, {
      Host: `example.com:${port}`,
      'X-Custom': 'a',
      'Content-Length': '5',
      'X-Forwarded-For': ADDRESS,
      'X-Forwarded-Proto': 'http',
      'X-Forwarded-Port': String(port),
      Connection: 'keep-alive',
      method: 'POST',
      url: '/a%20b?c=%20',
    });
  });

  it('gets X-Forwarded-For, Host and invalid headers as the attributes say', async (t) => {
    const seen: Record<string, string>[] = [];
    const { port: targetPort } = await target(t, (request, response) => {
      seen.push(pairs(request));
      response.end();
    });
    for (const [attributes, expected] of [
      [{ forwardedFor: 'append' }, [`1.1.1.1, ${ADDRESS}`, undefined, 'kept']],
      [{ forwardedFor: 'preserve' }, ['1.1.1.1', undefined, 'kept']],
      [{ forwardedFor: 'remove' }, [undefined, undefined, 'kept']],
      [{ preservesHostHeader: true }, [`1.1.1.1, ${ADDRESS}`, 'example.com', 'kept']],
      [{ dropsInvalidHeaders: true }, [`1.1.1.1, ${ADDRESS}`, undefined, undefined]],
    ] as const) {
      const { client, port } = await start(t, [targetPort], {}, attributes);
      client.get('/', 'X-Forwarded-For: 1.1.1.1', 'X_Invalid: kept');
      await client.answer();
      const [forwarded, host = `example.com:${port}`, invalid] = expected;
      const { 'X-Forwarded-For': sent, Host, X_Invalid } = seen.at(-1)!;
      assert.deepEqual([sent, Host, X_Invalid], [forwarded, host, invalid], JSON.stringify(attributes));
    }
    const { client } = await start(t, [targetPort], {}, { addsClientPort: true });
    const { localPort } = client.get('/').socket;
    await client.answer();
    assert.equal(seen.at(-1)!['X-Forwarded-For'], `${ADDRESS}:${localPort ?? client.socket.localPort}`);
  });

  it('keeps a trace id and adds its own', async (t) => {
    const seen: string[] = [];
    const { port } = await target(t, (request, response) => {
      seen.push(pairs(request)['X-Amzn-Trace-Id']!);
      response.end();
    });
    const { client } = await start(t, [port]);
    client.get('/', 'X-Amzn-Trace-Id: Self=1-2-3;Root=1-67891233-abcdef012345678912345678;CalledFrom=app');
    await client.answer();
    assert.match(
      seen[0]!,
      /^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678;CalledFrom=app$/,
    );
  });

  it('answers HEAD, answers without a body, and clients of HTTP/1.0', async (t) => {
    const { port: targetPort } = await target(t, (request, response) => {
      if (request.url === '/304') response.writeHead(304, { ETag: 'a' });
      else if (request.url === '/length') response.writeHead(200, { 'Content-Length': 3 });
      if (request.url === '/chunks') response.flushHeaders();
      response.end(request.url === '/304' ? undefined : 'abc');
    });
    const { client, port } = await start(t, [targetPort]);
    client.send('HEAD /length HTTP/1.1', 'Host: a', '', '');
    assert.equal((await client.answer(true)).headers['content-length'], '3');
    client.get('/304');
    assert.equal((await client.answer(true)).status, 304);
    client.get('/length');
    assert.equal((await client.answer()).body, 'abc');
    const old = new RawClient(port).send('GET /length HTTP/1.0', 'Connection: keep-alive', '', '');
    assert.equal((await old.answer()).headers.connection, 'keep-alive');
    old.send('GET /chunks HTTP/1.0', 'Connection: keep-alive', '', '');
    const last = await old.answer();
    assert.deepEqual(
      [last.headers.connection, last.headers['transfer-encoding'], last.body],
      ['close', undefined, 'abc'],
    );
  });

  it('is not waited for when the client stops in the middle of its request: 408', async (t) => {
    const { port } = await target(t, (request) => void request.resume());
    const { client } = await start(t, [port], {}, { idleTimeoutSeconds: 0.2 });
    client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 10', '', 'abc');
    assert.equal((await client.answer()).status, 408);
    await client.closed();
  });

  it('gets a body while it is being sent, and its answer is passed on while it is being sent', async (t) => {
    const arrived = Promise.withResolvers<void>();
    const { port } = await target(t, (request, response) => {
      request.once('data', (chunk) => {
        assert.equal(String(chunk), 'ab');
        response.write('first ');
        arrived.resolve();
      });
      request.once('end', () => response.end('last'));
    });
    const { client } = await start(t, [port]);
    client.send('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', '', '2', 'ab', '');
    await arrived.promise;
    await client.receives(/first /);
    client.send('0', '', '');
    assert.equal((await client.answer()).body, 'first last');
    client.get('/again', 'Content-Length: 2').send('ab');
    assert.equal((await client.answer()).status, 200);
  });

  it('is reached over connections that are used again', async (t) => {
    const { server, port } = await target(t, (_request, response) => void response.end());
    let connections = 0;
    server.on('connection', () => connections++);
    const { test, client } = await start(t, [port]);
    await test.until(() => healthOf(test, port)?.state === 'healthy');
    const before = connections;
    for (let index = 0; index < 5; index++) {
      client.get('/');
      await client.answer();
    }
    assert.equal(connections - before, 1);
  });

  it('is chosen in turn, unless it is busier, draining or unhealthy', async (t) => {
    const names = ['a', 'b', 'c'];
    const held = Promise.withResolvers<void>();
    const targets = await Promise.all(
      names.map((name) =>
        target(t, async (request, response) => {
          if (request.url === '/held') await held.promise;
          response.end(name);
        }),
      ),
    );
    const ports = targets.map(({ port }) => port);
    const { test, client, port } = await start(t, ports);
    await test.until(() => ports.every((each) => healthOf(test, each)?.state === 'healthy'));
    const ask = async (path = '/') => (await client.get(path).answer()).body;
    const answers = [await ask(), await ask(), await ask(), await ask()];
    assert.deepEqual([...answers.slice(0, 3)].sort(), names);
    assert.equal(answers[3], answers[0]);

    const least = { algorithm: 'least_outstanding_requests' as const };
    await test.balancers.set(balancer(port, addressGroup(ports, least)));
    const waiting = [new RawClient(port).get('/held'), new RawClient(port).get('/held')];
    const busy = Promise.all(waiting.map((each) => each.answer()));
    // The third one is the only one that is not busy, once the others are.
    const seen = new Set<string>();
    for (let index = 0; index < 12; index++) seen.add(await ask());
    held.resolve();
    const rest = (await busy).map(({ body }) => body);
    assert.equal(new Set([...rest, ...seen]).size, 3);
    for (const each of waiting) each.end();

    const draining = addressGroup(ports, {});
    const changed = {
      ...draining,
      targets: draining.targets.map((each, index) => ({ ...each, isDraining: index > 0 })),
    };
    await test.balancers.set(balancer(port, changed));
    assert.deepEqual([await ask(), await ask(), await ask()], ['a', 'a', 'a']);
    assert.deepEqual(healthOf(test, ports[1]!), {
      state: 'draining',
      reason: 'Target.DeregistrationInProgress',
      description: 'Target deregistration is in progress',
    });
  });

  it('is bound to a client by a cookie where sessions are sticky', async (t) => {
    const targets = await Promise.all(
      ['a', 'b', 'c'].map((name) => target(t, (_request, response) => void response.end(name))),
    );
    const ports = targets.map(({ port }) => port);
    const { test, client, port } = await start(t, ports, { stickySeconds: 60 });
    await test.until(() => ports.every((each) => healthOf(test, each)?.state === 'healthy'));
    const first = await client.get('/').answer();
    const cookies = first.rawHeaders.filter((_, index) => first.rawHeaders[index - 1] === 'Set-Cookie');
    assert.equal(cookies.length, 2);
    const [cookie = ''] = cookies[0]!.split(';');
    assert.match(cookies[0]!, /^AWSALB=[\w+/=]+; Expires=.* GMT; Path=\/$/);
    assert.match(cookies[1]!, /^AWSALBCORS=[\w+/=]+; Expires=.* GMT; Path=\/; SameSite=None$/);
    for (let index = 0; index < 4; index++) {
      assert.equal((await client.get('/', `Cookie: x=y; ${cookie}`).answer()).body, first.body);
    }
    // Another key's, or one that was changed, binds to nobody.
    const other = await client.get('/', `Cookie: ${cookie.slice(0, -6)}AAAA==`).answer();
    assert.equal(other.status, 200);
    const left = ports.filter((_, index) => 'abc'[index] !== first.body);
    await test.balancers.set(balancer(port, addressGroup(left, { stickySeconds: 60 })));
    assert.notEqual((await client.get('/', `Cookie: ${cookie}`).answer()).body, first.body);
    await test.counted('NonStickyRequestCount', 3, GROUP);
  });

  it('is a 502 when it refuses connections, closes them early, or answers no HTTP', async (t) => {
    const closing = await socketTarget(t, (socket) => socket.once('data', () => socket.end()));
    const noise = await socketTarget(t, (socket) => socket.once('data', () => socket.end('noise\r\n\r\n')));
    const large = await socketTarget(t, (socket) =>
      socket.once('data', () =>
        socket.end(`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(40_000)}\r\nContent-Length: 0\r\n\r\n`),
      ),
    );
    const refusing = await freePort();
    const odd = await socketTarget(t, (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n')),
    );
    const unasked = await socketTarget(t, (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 101 Odd\r\nUpgrade: a\r\nConnection: Upgrade\r\n\r\n')),
    );
    const control = await socketTarget(t, (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n')),
    );
    for (const port of [refusing, closing, noise, large, odd, unasked, control]) {
      const { test, client } = await start(t, [port]);
      client.get('/');
      assert.equal((await client.answer()).status, 502);
      await test.counted('HTTPCode_ELB_502_Count', 1);
      assert.equal(test.sum('TargetConnectionErrorCount', GROUP), port === refusing ? 1 : 0);
    }
  });

  it('that ends in the middle of its answer ends the connection of the client', async (t) => {
    const port = await socketTarget(t, (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')),
    );
    const { client } = await start(t, [port]);
    assert.match(await client.get('/').closed(), /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nabc$/);
  });

  it('is a 504 when it does not answer within the idle timeout', async (t) => {
    const port = await socketTarget(t, () => {});
    const { test, client } = await start(t, [port], {}, { idleTimeoutSeconds: 0.2 });
    client.get('/');
    const { status, reason } = await client.answer();
    assert.deepEqual([status, reason], [504, 'Gateway Time-out']);
    await test.counted('HTTPCode_ELB_504_Count', 1);
  });

  it('is a 503 while none is registered, and while all are draining', async (t) => {
    const { client } = await start(t, []);
    client.get('/');
    assert.equal((await client.answer()).status, 503);
    const { port } = await target(t, (_request, response) => void response.end());
    const drained = await start(t, [], { targets: [{ address: ADDRESS, port, isDraining: true }] });
    drained.client.get('/');
    assert.equal((await drained.client.answer()).status, 503);
  });

  it('gets requests although it is unhealthy, when all are', async (t) => {
    const port = await socketTarget(t, (socket) =>
      socket.once('data', (data) =>
        socket.end(
          `HTTP/1.1 ${String(data).includes('/health') ? 500 : 200} Any\r\nContent-Length: 0\r\n\r\n`,
        ),
      ),
    );
    const healthCheck = { ...HEALTH_CHECK, intervalSeconds: 0.01 };
    const { test, client } = await start(t, [port], { healthCheck });
    await test.until(() => healthOf(test, port)?.state === 'unhealthy');
    assert.deepEqual(healthOf(test, port), {
      state: 'unhealthy',
      reason: 'Target.ResponseCodeMismatch',
      description: 'Health checks failed with these codes: [500]',
    });
    client.get('/');
    assert.equal((await client.answer()).status, 200);
  });

  it('is checked at once, and then again and again, as AWS does', async (t) => {
    const requests: Record<string, string>[] = [];
    let status = 503;
    const server = createServer((request, response) => {
      requests.push({ ...pairs(request), url: request.url! });
      response.writeHead(status).end();
    }).listen(0, ADDRESS);
    await once(server, 'listening');
    t.after(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const healthCheck = { ...HEALTH_CHECK, intervalSeconds: 0.01, path: '/up?x', matches: '200-299,301' };
    const { test } = await start(t, [port], { healthCheck });
    await test.until(() => healthOf(test, port)?.state === 'unhealthy');
    status = 301;
    await test.until(() => healthOf(test, port)?.state === 'healthy');
    assert.deepEqual(healthOf(test, port), { state: 'healthy' });
    assert.deepEqual(requests[0], {
      Host: `${ADDRESS}:${port}`,
      Connection: 'close',
      'User-Agent': 'ELB-HealthChecker/2.0',
      'Accept-Encoding': 'gzip, compressed',
      'x-millpond-sent-by': 'elasticloadbalancing',
      url: '/up?x',
    });
    server.close();
    await test.until(() => healthOf(test, port)?.state === 'unhealthy');
    assert.equal(healthOf(test, port)?.reason, 'Target.FailedHealthChecks');
    assert.equal(test.sum('RequestCount'), 0, 'health checks are not counted');
  });

  it('that does not answer a check in time is unhealthy', async (t) => {
    const port = await socketTarget(t, () => {});
    const healthCheck = { ...HEALTH_CHECK, intervalSeconds: 0.02, timeoutSeconds: 0.01 };
    const { test } = await start(t, [port], { healthCheck });
    await test.until(() => healthOf(test, port)?.state === 'unhealthy');
    assert.deepEqual(healthOf(test, port), {
      state: 'unhealthy',
      reason: 'Target.Timeout',
      description: 'Request timed out',
    });
  });

  it('gets WebSockets, whose bytes pass both ways', async (t) => {
    const port = await socketTarget(t, (socket) => {
      socket.once('data', (data) => {
        if (String(data).includes('/health'))
          return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        assert.match(String(data), /\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n/);
        assert.match(String(data), /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello',
        );
        socket.on('data', (more) => socket.write(`<${more}>`));
        return undefined;
      });
    });
    const { test, client } = await start(t, [port]);
    client.get('/chat', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: a');
    await client.receives(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\nhello$/);
    client.send('x');
    await client.receives(/hello<x>$/);
    client.end();
    await test.counted('RequestCount', 1, GROUP);
  });

  it('may refuse a WebSocket', async (t) => {
    const { port } = await target(t, (_request, response) => void response.writeHead(403).end('no'));
    const { client } = await start(t, [port]);
    client.get('/chat', 'Connection: Upgrade', 'Upgrade: websocket');
    const { status, body } = await client.answer();
    assert.deepEqual([status, body], [403, 'no']);
    await client.closed();
  });

  it('is not told of other upgrades', async (t) => {
    const seen: (string | undefined)[] = [];
    const { port } = await target(t, (request, response) => {
      seen.push(request.headers.upgrade);
      response.end();
    });
    const { client } = await start(t, [port]);
    client.get('/', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: a');
    assert.equal((await client.answer()).status, 200);
    assert.deepEqual(seen, [undefined]);
  });

  it('may end its answer after its group and its balancer are removed', async (t) => {
    const first = Promise.withResolvers<() => void>();
    const { port } = await target(t, (_request, response) => {
      response.write('begun ');
      first.resolve(() => response.end('ended'));
    });
    const { test, client } = await start(t, [port]);
    client.get('/');
    await client.receives(/begun /);
    const end = await first.promise;
    await test.balancers.remove(BALANCER);
    end();
    assert.equal((await client.answer()).body, 'begun ended');
    await client.closed();
  });

  it('sees the end of a client that does not wait', async (t) => {
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const { port } = await target(t, (request) => {
      request.socket.once('close', () => gone.resolve());
      asked.resolve();
    });
    const { test, client } = await start(t, [port]);
    client.get('/');
    await asked.promise;
    client.end();
    await gone.promise;
    await test.counted('HTTPCode_ELB_4XX_Count', 1);
  });
});
