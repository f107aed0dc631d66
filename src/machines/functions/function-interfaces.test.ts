// Environments with network interfaces: when they start, whom the Runtime API answers, and that the interface is given
// back. The interfaces are pretended; all are this host's own.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { NetworkInterface } from '../../network/network.ts';
import { startTestFunctions } from './functions.fixture.ts';

const CODE = `exports.handler = async () => process.env.AWS_LAMBDA_RUNTIME_API;`;

async function start(t: TestContext) {
  const runtime = createServer();
  runtime.listen(0, '127.0.0.1');
  await once(runtime, 'listening');
  t.after(() => runtime.close());
  const inside = (command: readonly string[]) => [...command] as [string, ...string[]];
  const test = await startTestFunctions({ network: { runtime, inside } });
  t.after(() => test.stop());
  const { port } = runtime.address() as AddressInfo;
  const closed: string[] = [];
  const pretend = (ready: Promise<void>, address = '127.0.0.1') =>
    ({
      ...{ address, resolver: '127.0.0.1', ready, inside },
      close: async () => void closed.push(address),
    }) as NetworkInterface;
  return { ...test, port, closed, pretend };
}

describe('environments with network interfaces', () => {
  it('start once their packets pass, and find the Runtime API at the shared socket', async (t) => {
    const { node, invoke, pretend, port, closed, functions } = await start(t);
    const passes = Promise.withResolvers<void>();
    const spec = await node(CODE, { openInterface: async () => pretend(passes.promise) });
    const answered = invoke(spec);
    const first = await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
    assert.equal(first, 'waits');
    passes.resolve();
    assert.equal((await answered).answer, `127.0.0.1:${port}`);
    assert.deepEqual(closed, []);
    await functions.retire(spec.key);
    assert.deepEqual(closed, ['127.0.0.1']);
  });

  it('reject the invocation when they get no interface, and the next one tries again', async (t) => {
    const { node, invoke, pretend, port } = await start(t);
    const results = [
      () => Promise.reject(new Error('no free address')),
      async () => pretend(Promise.reject(new Error('no link'))),
      async () => pretend(Promise.resolve()),
    ];
    const spec = await node(CODE, { openInterface: () => results.shift()!() });
    await assert.rejects(invoke(spec), { message: 'no free address' });
    await assert.rejects(invoke(spec), { message: 'no link' });
    assert.equal((await invoke(spec)).answer, `127.0.0.1:${port}`);
  });

  it('alone get answers of the Runtime API: other addresses get none', async (t) => {
    const { node, invoke, pretend, port } = await start(t);
    await invoke(await node(CODE, { openInterface: async () => pretend(Promise.resolve()) }));
    const other = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    other.write('GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n');
    let heard = '';
    other.on('data', (piece) => (heard += piece)).on('error', () => {});
    await once(other, 'close');
    assert.equal(heard, '');
  });
});
