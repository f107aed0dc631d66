// Functions that fail, with Lambda's own errors. Each is called next to another function, which must keep working.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FunctionSpec } from './function.ts';
import { REQUEST_ID as requestId, startTestFunctions, type TestFunctions } from './functions.fixture.ts';

let test: TestFunctions;
let bystander: FunctionSpec;
let bystanderPid: number;

const node: TestFunctions['node'] = (...given) => test.node(...given);
const python: TestFunctions['python'] = (...given) => test.python(...given);
const invoke: TestFunctions['invoke'] = (...given) => test.invoke(...given);

before(async () => {
  test = await startTestFunctions();
  bystander = await node('let count = 0; exports.handler = async () => [process.pid, ++count];');
  [bystanderPid] = (await invoke(bystander)).answer;
});
after(() => test.stop());

/** The answer, which must be the same for a second call; the other function must keep its process. */
async function failureOf(spec: FunctionSpec) {
  const [{ answer, status }] = await Promise.all([invoke(spec), invoke(bystander)]);
  assert.notEqual(status, 'succeeded');
  const again = await invoke(spec);
  assert.deepEqual([again.answer.errorType, again.status], [answer.errorType, status]);
  assert.equal((await invoke(bystander)).answer[0], bystanderPid);
  return answer;
}

describe('a Node function', () => {
  const failures: [string, string, Partial<FunctionSpec>, object][] = [
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
    [
      'touches memory that it has not',
      'exports.handler = async () => { process.kill(process.pid, "SIGSEGV"); await new Promise(() => setTimeout(() => {}, 5000)); };',
      {},
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: segmentation fault`,
      },
    ],
    [
      'answers what is no JSON',
      'exports.handler = async () => 1n;',
      {},
      { errorType: 'Error', errorMessage: 'Unable to stringify response body' },
    ],
    [
      'answers itself',
      'const self = {}; self.self = self; exports.handler = async () => self;',
      {},
      { errorType: 'Error', errorMessage: 'Unable to stringify response body' },
    ],
    [
      'fails with a very long story',
      'exports.handler = async () => { throw new Error("x".repeat(1e6)); };',
      {},
      { errorType: 'Runtime.Unknown', errorMessage: 'The error is longer than 262144 bytes.' },
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
      const answer = await failureOf(await node(code, options));
      assert.deepEqual({ ...answer, ...expected }, answer);
    });
  }
});

describe('a Python function', () => {
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
      'hangs up',
      'import os\ndef handler(e, c): os.closerange(3, 100)',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`,
      },
    ],
    [
      'touches memory that it has not',
      'import ctypes\ndef handler(e, c): ctypes.string_at(0)',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: segmentation fault`,
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
      const answer = await failureOf(await python(code));
      assert.deepEqual({ ...answer, ...expected }, answer);
    });
  }
});

it('a runtime that this machine lacks is an error', async () => {
  const { functions, specOf } = test;
  const spec = await specOf(
    { 'index.rb': 'def handler(event:, context:) = { "a" => 1 }' },
    { runtime: 'ruby3.3' },
  );
  const note = await functions.prepare('ruby3.3').catch((error: Error) => error);
  const { answer } = await invoke(spec);
  if (note instanceof Error) {
    assert.equal(note.message, 'This machine has no ruby that could run ruby3.3');
    assert.deepEqual(answer, {
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: `RequestId: ${requestId} Error: Error: ${note.message}`,
    });
  } else assert.deepEqual(answer, { a: 1 });
});

describe('a program', () => {
  const failures: [string, Record<string, string>, string][] = [
    ['that is missing', {}, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"],
    ['that ends at once', { bootstrap: '#!/bin/sh\nexit 3\n' }, 'Runtime exited with error: exit status 3'],
    [
      'that has no interpreter',
      { bootstrap: '#!/nowhere/sh\n' },
      'Runtime exited with error: exit status 127',
    ],
  ];
  for (const [what, files, reason] of failures) {
    it(what, async () => {
      const answer = await failureOf(await test.specOf(files, { runtime: 'provided.al2023' }));
      assert.equal(answer.errorMessage, `RequestId: ${requestId} Error: ${reason}`);
    });
  }
});
