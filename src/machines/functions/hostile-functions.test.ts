// Hostile functions: the cost is bounded, and they harm only themselves.

import assert from 'node:assert/strict';
import { release } from 'node:os';
import { after, before, it } from 'node:test';
import { startTestFunctions, type TestFunctions } from './functions.fixture.ts';

let test: TestFunctions;
before(async () => {
  test = await startTestFunctions();
});
after(() => test.stop());

it('a function that prints endlessly loses only its output', async () => {
  const spec = await test.node(
    'exports.handler = async () => { for (let i = 0; i < 1e5; i++) console.log("x".repeat(200)); return 1; };',
  );
  const { answer, log } = await test.invoke(spec);
  assert.equal(answer, 1);
  assert.ok(log.length < 30_000);
  assert.match(log.at(-1)!.text, /more output/);
});

it('a function that prints endlessly without line breaks is bounded', async () => {
  const spec = await test.node(
    'exports.handler = async () => { const much = Buffer.alloc(1e6, "x"); for (let i = 0; i < 64; i++) await new Promise((done) => process.stderr.write(much, done)); return 1; };',
  );
  const { answer, log } = await test.invoke(spec);
  assert.equal(answer, 1);
  const bytes = log.reduce((sum, { text }) => sum + text.length, 0);
  assert.ok(bytes < 8e6, `${bytes} bytes are kept`);
});

it('a function that starts processes endlessly gets only as many as Lambda allows', async (context) => {
  const spec = await test.node(`
    const { spawnSync } = require('node:child_process');
    const { readdirSync } = require('node:fs');
    exports.handler = async () => {
      const { status } = spawnSync('/bin/sh', ['-c', 'i=0; while [ $i -lt 1500 ]; do sleep 600 & i=$((i+1)); done; exit 42'], { stdio: 'ignore' });
      return { root: process.env.LAMBDA_TASK_ROOT, status, count: readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length };
    };`);
  const [major = 0, minor = 0] = release().split('.').map(Number);
  if (major * 100 + minor < 614)
    return context.skip('needs Linux 6.14, which counts the processes of a namespace');
  const { answer, status } = await test.invoke(spec);
  assert.equal(status, 'succeeded');
  if (answer.root !== '/var/task') return context.skip('needs namespaces');
  assert.notEqual(answer.status, 42);
  assert.ok(answer.count > 900 && answer.count <= 1324, `${answer.count} processes`);
  await test.functions.retire(spec.key);
});

it('a function that calls the Runtime API itself harms only itself', async () => {
  const spec = await test.node(`
    const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/';
    const post = async (path, body = '"forged"') => (await fetch(api + path, { method: 'POST', body })).status;
    exports.handler = async (event, context) => {
      if (event.steal) {
        const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
        const socket = require('node:net').connect(port, host);
        const line = (method) => method + ' /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nhost: ' + host + '\\r\\ncontent-length: 0\\r\\n\\r\\n';
        socket.write(line('PUT'));
        await new Promise((answered) => socket.once('data', answered));
        socket.write(line('GET'));
        // The answer to a later request shows that the poll has arrived.
        await post('elsewhere');
        return 'stolen';
      }
      const own = 'invocation/' + context.awsRequestId;
      return [
        await post('invocation/other/response'), await post('elsewhere'), await post('init/error'),
        (await fetch(api + 'invocation/next', { method: 'PUT' })).status,
        await post(own + '/response'), await post(own + '/response'),
      ];
    };`);
  const first = await test.invoke(spec);
  assert.deepEqual([first.answer, first.status], ['forged', 'succeeded']);
  assert.equal((await test.invoke(spec, { steal: true })).answer, 'stolen');
  const stolen = await test.invoke({ ...spec, timeoutMs: 2_000 });
  assert.notEqual(stolen.status, 'succeeded');
  assert.equal((await test.invoke(spec)).answer, 'forged');
});

it('a function gets no answer from another’s Runtime API', async (context) => {
  const victim = await test.node(
    'exports.handler = async ({ more }) => more ?? [process.env.AWS_LAMBDA_RUNTIME_API, process.getuid()];',
  );
  const attacker = await test.node(`
    exports.handler = async ({ address }) => {
      const ask = async (path, options) => {
        try { return (await fetch('http://' + address + '/2018-06-01/runtime/' + path, options)).status; }
        catch { return 'no answer'; }
      };
      const asked = [
        await ask('invocation/next', { signal: AbortSignal.timeout(5000) }),
        await ask('init/error', { method: 'POST', body: '{}' }),
      ];
      return { asked, user: process.getuid() };
    };`);
  const [address, user] = (await test.invoke(victim)).answer;
  const { answer } = await test.invoke(attacker, { address });
  if (process.platform !== 'linux' || answer.user === user)
    return context.skip('needs root: functions run as one user otherwise');
  assert.deepEqual(answer.asked, ['no answer', 'no answer']);
  assert.equal((await test.invoke(victim, { more: 'still there' })).answer, 'still there');
});

it('the numbers of environments and of invocations are bounded; others wait, and idle environments make room', async (context) => {
  const few = await startTestFunctions({ mostEnvironments: 1, mostInvocations: 2 });
  context.after(() => few.stop());
  const slow = await few.node(
    'exports.handler = () => new Promise((done) => setTimeout(() => done(1), 300));',
  );
  const other = await few.node('exports.handler = async () => 2;');
  const invocation = { requestId: 'r', functionArn: 'a', event: Buffer.from('{}') };
  const running = few.invoke(slow);
  const waiting = few.invoke(other);
  assert.equal(await few.functions.invoke(other, invocation), undefined);
  assert.equal((await running).answer, 1);
  assert.equal((await waiting).answer, 2);
  assert.equal((await few.invoke(slow)).answer, 1);
});
