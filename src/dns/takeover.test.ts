import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { it, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { silentLog } from '../kernel/log.ts';
import { decodeAnswers, encodeQuestion } from './message.ts';
import { type DnsServer, type DnsServerOptions, startDnsServer } from './server.ts';

// Outside of every instance's block: those begin at 127.2.
const ADDRESS = '127.1.53.7';
const NAME = 'shop.example.test';
const ON_LINUX = { skip: process.platform !== 'linux' && 'needs Linux: addresses are shared there only' };

async function start(t: TestContext, data: string, options: Partial<DnsServerOptions>): Promise<DnsServer> {
  const server = await startDnsServer({
    address: ADDRESS,
    port: 0,
    upstreams: [],
    log: silentLog,
    ...options,
  });
  server.zones.add({ suffix: 'example.test', lookup: () => [{ type: 'A', ttl: 1, data }] });
  t.after(() => server.stop().catch(() => undefined));
  return server;
}

/** Sends one query from a new port. */
function ask({ port }: { port: number }): Promise<string> {
  const socket = createSocket('udp4');
  return new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.once('message', (answer) => resolve(decodeAnswers(answer)?.[0]?.address ?? 'none'));
    socket.connect(port, ADDRESS, () => socket.send(encodeQuestion(NAME, 'A')));
  }).finally(() => socket.close());
}

it('queries wait until all names are known', async (t) => {
  const server = await start(t, '10.0.0.1', { untilBegin: 'wait' });
  let answered = false;
  const answer = ask(server).finally(() => {
    answered = true;
  });
  await ask({ port: server.port + 1 });
  assert.equal(answered, false);
  await server.begin();
  assert.equal(await answer, '10.0.0.1');
});

it('one server takes over from another without losing a query', ON_LINUX, async (t) => {
  const first = await start(t, '10.0.0.1', {});
  const second = await start(t, '10.0.0.2', { port: first.port, untilBegin: 'other-answers' });
  assert.equal(await ask(second), '10.0.0.1', 'the first one alone until the second begins');
  await second.begin();
  const asked: Promise<string>[] = [];
  let leaving: Promise<void> | undefined;
  for (let count = 0; count < 400; count++) {
    asked.push(ask(second));
    if (count === 200) leaving = first.leave();
    if (count % 10 === 0) await turn();
  }
  await leaving;
  const seen = new Set(await Promise.all(asked));
  assert.deepEqual([...seen].sort(), ['10.0.0.1', '10.0.0.2']);
  assert.equal(await ask(second), '10.0.0.2');
});

it('an address is not shared unless that is requested', async (t) => {
  const first = await start(t, '10.0.0.1', {});
  await assert.rejects(start(t, '10.0.0.2', { port: first.port }), { code: 'AddressInUse' });
});
