// Tests real processes of real functions: their answers, and the end of those that do not answer.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { REQUEST_ID as requestId, startTestFunctions, type TestFunctions } from './functions.fixture.ts';

let test: TestFunctions;
before(async () => {
  test = await startTestFunctions();
});
after(() => test.stop());

const specOf: TestFunctions['specOf'] = (...given) => test.specOf(...given);
const node: TestFunctions['node'] = (...given) => test.node(...given);
const python: TestFunctions['python'] = (...given) => test.python(...given);
const invoke: TestFunctions['invoke'] = (...given) => test.invoke(...given);

describe('a Node function', () => {
  it('answers, prints, and stays warm', async () => {
    const spec = await node(`
      console.log('once');
      let count = 0;
      exports.handler = async (event, context) => {
        console.log('two\\nlines');
        return { count: ++count, event, id: context.awsRequestId, left: context.getRemainingTimeInMillis() > 1000,
          greeting: process.env.GREETING };
      };`);
    const first = await invoke(spec, { a: 1 });
    assert.deepEqual(first.answer, {
      count: 1,
      event: { a: 1 },
      id: requestId,
      left: true,
      greeting: 'hello',
    });
    assert.equal(first.status, 'succeeded');
    assert.match(first.init!.log[0]!.text, /\tundefined\tINFO\tonce$/);
    assert.match(first.log[0]!.text, /Z\tb5bd8f2e-0000-4000-8000-000000000000\tINFO\ttwo\nlines$/);
    assert.equal(first.log.length, 1);
    const second = await invoke(spec);
    assert.equal(second.answer.count, 2);
    assert.equal(second.init, undefined);
    assert.equal(second.environment, first.environment);
  });

  it('has one process for each concurrent invocation', async () => {
    const spec = await node(
      'exports.handler = () => new Promise((done) => setTimeout(() => done(process.pid), 100));',
    );
    const outcomes = await Promise.all([invoke(spec), invoke(spec), invoke(spec)]);
    assert.equal(new Set(outcomes.map((each) => each.environment.id)).size, 3);
  });

  it('may be a module, have a top-level await, or use a callback', async () => {
    const modules = [
      await specOf({ 'index.mjs': 'export const handler = async () => 1;' }),
      await specOf({ 'index.js': 'await null; export const handler = async () => 1;' }),
      await node(
        'exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 1), 5); };',
      ),
      await node(
        'exports.handler = (event, context) => { setInterval(() => {}, 1e6); context.succeed(1); };',
      ),
      await specOf(
        { 'src/deep/app.js': 'exports.a = { b: async () => 1 };' },
        { handler: 'src/deep/app.a.b' },
      ),
    ];
    for (const spec of modules) assert.equal((await invoke(spec)).answer, 1);
    assert.equal((await invoke(await node('exports.handler = () => {};'))).answer, null);
  });
});

describe('a Python function', () => {
  it('answers, prints and logs', async () => {
    const spec = await python(`
import logging, os
logging.getLogger().setLevel('INFO')
def handler(event, context):
    print('plain')
    logging.info('logged')
    return {'event': event, 'id': context.aws_request_id, 'greeting': os.environ['GREETING']}
`);
    const { answer, log } = await invoke(spec, { ü: [1] });
    assert.deepEqual(answer, { event: { ü: [1] }, id: requestId, greeting: 'hello' });
    assert.equal(log[0]!.text, 'plain');
    assert.match(log[1]!.text, /^\[INFO\]\t\d{4}-.*Z\tb5bd8f2e.*\tlogged$/);
  });

  it('can import cfnresponse, and modules of a layer', async () => {
    const layer = await specOf({ 'python/layered.py': 'VALUE = 42' });
    const spec = await python(
      'import cfnresponse, layered\ndef handler(e, c): return [cfnresponse.SUCCESS, layered.VALUE]',
      {
        layerDirectories: [layer.codeDirectory],
      },
    );
    assert.deepEqual((await invoke(spec)).answer, ['SUCCESS', 42]);
  });
});

describe('a program', () => {
  it('is the bootstrap of its package', async () => {
    const bootstrap = `#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while :; do
  id=$(curl -s -D - -o /tmp/event "$api/next" | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //p')
  curl -s -o /dev/null -d "{\\"got\\":$(cat /tmp/event)}" "$api/$id/response"
done
`;
    const spec = await specOf({ bootstrap }, { runtime: 'provided.al2023' });
    assert.deepEqual((await invoke(spec, { a: 1 })).answer, { got: { a: 1 } });
  });

  it('is an error when it is missing', async () => {
    const { answer } = await invoke(await specOf({}, { runtime: 'provided' }));
    assert.equal(answer.errorType, 'Runtime.InvalidEntrypoint');
  });
});

it('a function sees only its own processes and directories, where the machine allows it', async (context) => {
  const spec = await node(`
    const { readdirSync, writeFileSync } = require('node:fs');
    const attempt = (path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
    exports.handler = async () => ({
      root: process.env.LAMBDA_TASK_ROOT,
      processes: readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length,
      task: attempt('/var/task/x'), var: attempt('/var/x'), tmp: attempt('/tmp/x'),
    });`);
  const { answer } = await invoke(spec);
  if (answer.root !== '/var/task') return context.skip('needs namespaces');
  const { processes, ...rest } = answer;
  assert.ok(processes <= 3, `${processes} processes`);
  assert.deepEqual(rest, { root: '/var/task', task: 'EROFS', var: 'EROFS', tmp: 'written' });
});

it('a stopped sandbox leaves nothing behind', async () => {
  const mark = randomUUID();
  const spec = await node(`
    require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { MARK: '${mark}', PATH: process.env.PATH } });
    require('node:fs').writeFileSync('/tmp/${mark}', '');
    exports.handler = async () => require('node:fs').readdirSync('/tmp');`);
  const { answer } = await invoke(spec);
  if (!existsSync(`/tmp/${mark}`)) assert.deepEqual(answer, [mark]);
  await test.functions.retire(spec.key);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    assert.ok(!environ.includes(mark), `process ${pid} is left`);
  }
});
