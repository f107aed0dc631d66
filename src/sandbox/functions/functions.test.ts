// Real processes of real functions: what they answer, and what becomes of those that do not.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import type { FunctionSpec } from './function.ts';
import { createFunctions, type Functions } from './pool.ts';

let directory: string;
let functions: Functions;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millpond-functions-'));
  functions = await createFunctions({
    directory: join(directory, 'functions'),
    clock: systemClock,
    log: silentLog,
    pythonPackages: [],
  });
});

after(async () => {
  await functions.stop();
  await rm(directory, { recursive: true, force: true });
});

async function specOf(
  files: Record<string, string>,
  options: Partial<FunctionSpec> = {},
): Promise<FunctionSpec> {
  const codeDirectory = await mkdtemp(join(directory, 'code-'));
  await chmod(codeDirectory, 0o755);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(codeDirectory, name, '..'), { recursive: true });
    await writeFile(join(codeDirectory, name), text, { mode: 0o755 });
  }
  return {
    key: codeDirectory,
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    codeDirectory,
    layerDirectories: [],
    variables: () => ({ GREETING: 'hello' }),
    timeoutMs: 20_000,
    memoryBytes: 512 * 2 ** 20,
    ...options,
  };
}

const requestId = 'b5bd8f2e-0000-4000-8000-000000000000';

async function invoke(spec: FunctionSpec, event: unknown = {}) {
  const outcome = await functions.invoke(spec, {
    requestId,
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
    event: Buffer.from(JSON.stringify(event)),
  });
  assert.ok(outcome);
  return { ...outcome, answer: JSON.parse(outcome.payload.toString()) };
}

const node = (code: string, options?: Partial<FunctionSpec>) => specOf({ 'index.js': code }, options);
const python = (code: string, options: Partial<FunctionSpec> = {}) =>
  specOf({ 'index.py': code }, { runtime: 'python3.12', ...options });

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

  it('has one process for each invocation at the same time', async () => {
    const spec = await node(
      'exports.handler = () => new Promise((done) => setTimeout(() => done(process.pid), 100));',
    );
    const outcomes = await Promise.all([invoke(spec), invoke(spec), invoke(spec)]);
    assert.equal(new Set(outcomes.map((each) => each.environment.id)).size, 3);
  });

  it('may be a module, wait at its top level, or call back', async () => {
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

  const failures: [string, string, Partial<FunctionSpec>, object, string?][] = [
    [
      'throws',
      'exports.handler = async () => { throw new TypeError("no"); };',
      {},
      { errorType: 'TypeError', errorMessage: 'no' },
    ],
    [
      'rejects unseen',
      'exports.handler = async () => { Promise.reject(new Error("lost")); await new Promise(() => setTimeout(() => {}, 5000)); };',
      {},
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    ],
    [
      'exits',
      'exports.handler = async () => process.exit(0);',
      {},
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
      },
    ],
    [
      'exits with a status',
      'exports.handler = async () => process.exit(7);',
      {},
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 7`,
      },
    ],
    [
      'kills itself',
      'exports.handler = async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => setTimeout(() => {}, 5000)); };',
      {},
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
      },
    ],
    [
      'loops',
      'exports.handler = () => { for (;;); };',
      { timeoutMs: 1000 },
      {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
      },
    ],
    [
      'answers too much',
      'exports.handler = async () => "x".repeat(10e6);',
      {},
      {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    ],
    ['does not parse', 'exports.handler = (', {}, { errorType: 'Runtime.UserCodeSyntaxError' }],
    ['lacks a module', 'require("nothing-of-the-kind");', {}, { errorType: 'Runtime.ImportModuleError' }],
    ['lacks its file', '', { handler: 'other.handler' }, { errorType: 'Runtime.ImportModuleError' }],
    [
      'lacks its handler',
      'exports.other = 1;',
      {},
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
    [
      'holds too much',
      'const kept = []; exports.handler = async () => { for (;;) { kept.push(Buffer.alloc(8e6, 1)); await new Promise(setImmediate); } };',
      { memoryBytes: 200 * 2 ** 20 },
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
      },
    ],
  ];
  for (const [what, code, options, expected] of failures) {
    it(`that ${what}`, async () => {
      const { answer, status } = await invoke(await node(code, options));
      assert.notEqual(status, 'succeeded');
      assert.deepEqual({ ...answer, ...expected }, answer);
    });
  }

  it('that prints without end costs no more than its output', async () => {
    const spec = await node(
      'exports.handler = async () => { for (let i = 0; i < 1e5; i++) console.log("x".repeat(200)); return 1; };',
    );
    const { answer, log } = await invoke(spec);
    assert.equal(answer, 1);
    assert.ok(log.length < 30_000);
    assert.match(log.at(-1)!.text, /more output/);
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

  const failures: [string, string, object][] = [
    ['raises', 'def handler(e, c): raise ValueError("no")', { errorType: 'ValueError', errorMessage: 'no' }],
    [
      'exits',
      'import os\ndef handler(e, c): os._exit(3)',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 3`,
      },
    ],
    [
      'does not parse',
      'def handler(:',
      {
        errorType: 'Runtime.UserCodeSyntaxError',
        errorMessage: "Syntax error in module 'index': invalid syntax (index.py, line 1)",
      },
    ],
    [
      'lacks a module',
      'import nothing_of_the_kind',
      {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: "Unable to import module 'index': No module named 'nothing_of_the_kind'",
      },
    ],
    [
      'lacks its handler',
      'x = 1',
      { errorType: 'Runtime.HandlerNotFound', errorMessage: "Handler 'handler' missing on module 'index'" },
    ],
    [
      'answers what is no JSON',
      'def handler(e, c): return {1}',
      {
        errorType: 'Runtime.MarshalError',
        errorMessage: 'Unable to marshal response: Object of type set is not JSON serializable',
      },
    ],
  ];
  for (const [what, code, expected] of failures) {
    it(`that ${what}`, async () => {
      const { answer, status } = await invoke(await python(code));
      assert.notEqual(status, 'succeeded');
      assert.deepEqual({ ...answer, ...expected }, answer);
    });
  }

  it('finds cfnresponse, and modules of a layer', async () => {
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

  it('that is missing', async () => {
    const { answer } = await invoke(await specOf({}, { runtime: 'provided' }));
    assert.equal(answer.errorType, 'Runtime.InvalidEntrypoint');
  });
});

it('sees its own processes and directories, where the machine allows it', async (context) => {
  const spec = await node(`
    const { readdirSync, writeFileSync } = require('node:fs');
    const attempt = (path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
    exports.handler = async () => ({
      root: process.env.LAMBDA_TASK_ROOT,
      processes: readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length,
      task: attempt('/var/task/x'), var: attempt('/var/x'), tmp: attempt('/tmp/x'),
    });`);
  const { answer } = await invoke(spec);
  if (answer.root !== '/var/task') return context.skip('no private mounts here');
  const { processes, ...rest } = answer;
  assert.ok(processes <= 3, `${processes} processes`);
  assert.deepEqual(rest, { root: '/var/task', task: 'EROFS', var: 'EROFS', tmp: 'written' });
});

it('leaves nothing behind', async () => {
  const mark = randomUUID();
  const spec = await node(`
    require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { MARK: '${mark}', PATH: process.env.PATH } });
    require('node:fs').writeFileSync('/tmp/${mark}', '');
    exports.handler = async () => require('node:fs').readdirSync('/tmp');`);
  const { answer } = await invoke(spec);
  if (!existsSync(`/tmp/${mark}`)) assert.deepEqual(answer, [mark]);
  await functions.retire(spec.key);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const { readFile } = await import('node:fs/promises');
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    assert.ok(!environ.includes(mark), `process ${pid} is left`);
  }
});
