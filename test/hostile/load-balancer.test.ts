// Clients of a load balancer that want to exhaust it: whatever they send, the process stays, its memory has a bound, and a
// client that comes after them is served. By default a short slice; `npm run test:hostile` sends all of it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { it, type TestContext } from 'node:test';
import {
  ADDRESS,
  addressGroup,
  answering,
  balancer,
  forward,
  lambdaGroup,
  listener,
  RawClient,
  rule,
  TestBalancers,
} from '../../src/load-balancer/load-balancer.fixture.ts';
import { freePort } from '../support/free-port.ts';

const IS_WHOLE = process.env.MILLPOND_HOSTILE === 'whole';
const CONNECTIONS = IS_WHOLE ? 2_500 : 2_100;
/** Of anonymous memory: the program itself, 128 MB of bodies, what sockets hold, and room for garbage. */
const MOST_MEGABYTES = 600;

const pids = (): number[] =>
  spawnSync('pgrep', ['-P', String(process.pid), '-f', 'load-balancer/program'], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .filter(Boolean)
    .map(Number);

function megabytes(pid: number): number {
  const [, kilobytes] = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kilobytes) / 1024;
}

/** A balancer under attack. */
async function attacked(t: TestContext) {
  const test = new TestBalancers(t);
  const port = await freePort();
  await test.balancers.set(balancer(port, lambdaGroup()));
  const [pid] = pids();
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  return {
    test,
    port,
    /** Opens connections that send this. */
    async crowd(count: number, bytes: string | Buffer) {
      for (let index = 0; index < count; index++) {
        const socket = connect(port, ADDRESS);
        socket.on('error', () => {}).resume();
        socket.write(bytes);
        sockets.push(socket);
        if (index % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    /** Asserts that the same process serves a client, and has not grown too much. */
    async stands() {
      const client = new RawClient(port).get('/');
      assert.equal((await client.answer()).status, 200);
      client.end();
      assert.deepEqual(pids(), [pid], 'the process was not started again');
      assert.ok(megabytes(pid!) < MOST_MEGABYTES, `${megabytes(pid!)} MB`);
    },
  };
}

it('serves a client next to more silent connections than it may have', async (t) => {
  const { crowd, stands } = await attacked(t);
  await crowd(CONNECTIONS, '');
  await stands();
});

it('serves a client next to as many that send half a header', async (t) => {
  const { crowd, stands } = await attacked(t);
  await crowd(CONNECTIONS, 'GET / HTTP/1.1\r\nHost: a\r\nA: ');
  await stands();
});

it('serves a client next to bodies that never end', async (t) => {
  const { crowd, stands } = await attacked(t);
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n';
  await crowd(IS_WHOLE ? 1_000 : 300, Buffer.concat([Buffer.from(head), Buffer.alloc(1_000_000, 'a')]));
  await stands();
});

it('serves a client next to thousands of requests in one piece', async (t) => {
  const { crowd, stands } = await attacked(t);
  await crowd(20, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20_000));
  await crowd(20, 'GET / HTTP/1.1\r\n\r\n'.repeat(20_000));
  await stands();
});

it('serves a client next to functions that do not answer', async (t) => {
  const { test, crowd, stands } = await attacked(t);
  let held = 0;
  test.answer = ({ event }) => {
    if (event.path === '/') return answering({ statusCode: 200 });
    held++;
    return new Promise(() => {});
  };
  await crowd(1_000, 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n');
  while (held < 1_000)
    await test.until(() => true).then(() => new Promise((resolve) => setTimeout(resolve, 5)));
  await stands();
});

it('serves a client next to some that do not read large answers', async (t) => {
  const { test, port, stands } = await attacked(t);
  const large = answering({ statusCode: 200, body: 'a'.repeat(1_000_000) });
  test.answer = ({ event }) => (event.path === '/' ? answering({ statusCode: 200 }) : large);
  const sockets = Array.from({ length: IS_WHOLE ? 500 : 150 }, () => connect(port, ADDRESS).pause());
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets)
    socket.on('error', () => {}).write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(30));
  await test.until(() => test.invoked.length >= sockets.length);
  await stands();
});

it('serves a client next to a target that answers without end', async (t) => {
  const { test, port, stands } = await attacked(t);
  const { createServer } = await import('node:net');
  const target = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const more = () => {
      while (socket.writable && socket.write(Buffer.alloc(65_536)));
    };
    socket.on('drain', more);
    more();
  }).listen(0, ADDRESS);
  await once(target, 'listening');
  t.after(() => void target.close());
  const addresses = addressGroup([(target.address() as { port: number }).port], { arn: 'addresses' });
  const rules = [
    rule([{ field: 'path', patterns: ['/endless'] }], { does: 'forward', targetGroupArn: 'addresses' }),
    rule([], forward),
  ];
  const configuration = balancer(port, lambdaGroup());
  await test.balancers.set({
    ...configuration,
    ...{ listeners: [listener(port, rules)], targetGroups: [...configuration.targetGroups, addresses] },
  });
  const sockets = Array.from({ length: 50 }, () => connect(port, ADDRESS).pause());
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets)
    socket.on('error', () => {}).write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
  await test.counted('HTTPCode_Target_2XX_Count', 50);
  await stands();
});
