// Tests Lambda's logs and answers for functions that fail to start or whose process ends, with the exact texts of
// real logs in public reports (cargo-lambda issue 572 for exits, Node's and Python's own of 2024 to 2026 for init
// errors).

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { CreateFunctionCommand, InvokeCommand, type Runtime } from '@aws-sdk/client-lambda';
import { zip } from '../../kernel/zip.ts';
import { ROLE, startTestLambda, type TestLambda } from './lambda.fixture.ts';

let test: TestLambda;
before(async () => {
  test = await startTestLambda();
});
after(() => test.stop());

const executable = (files: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(files).map(([name, contents]) => [name, { contents, isExecutable: true }] as const),
  );

let count = 0;

/** The answer, and the log with the request id and all times and sizes normalised. */
async function outcomeOf(
  runtime: Runtime,
  files: Record<string, string>,
  { lambda = test, Timeout = 60 } = {},
) {
  const FunctionName = `fails-${count++}`;
  await lambda.client.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Runtime: runtime, Handler: 'index.handler', Role: ROLE, Timeout },
      Code: { ZipFile: zip(executable(files)) },
    }),
  );
  const { LogResult, Payload, FunctionError } = await lambda.client.send(
    new InvokeCommand({ FunctionName, LogType: 'Tail' }),
  );
  const answer = JSON.parse(Buffer.from(Payload!).toString());
  const log = Buffer.from(LogResult!, 'base64')
    .toString()
    .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'ID')
    .replaceAll(/\b\d+(\.\d\d)? (ms|MB)/g, 'N $2')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  assert.equal(FunctionError, 'Unhandled');
  assert.doesNotMatch(log, /-N ms/, 'no negative time');
  return { answer, log };
}

const REPORT =
  'REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\t';

it('an error of Node while it loads the handler is reported', async () => {
  const { answer, log } = await outcomeOf('nodejs22.x', { 'index.js': 'exports.handler = (' });
  assert.equal(answer.errorType, 'Runtime.UserCodeSyntaxError');
  const [first, ...rest] = log.split('\n');
  assert.match(
    first!,
    /^TIME\tundefined\tERROR\tUncaught Exception\t\{"errorType":"Runtime.UserCodeSyntaxError"/,
  );
  assert.deepEqual(rest, [
    'INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: error\tError Type: Runtime.UserCodeSyntaxError',
    'START RequestId: ID Version: $LATEST',
    'END RequestId: ID',
    `${REPORT}Status: error\tError Type: Runtime.UserCodeSyntaxError\t`,
    '',
  ]);
});

it('the function’s own error while it is loaded gets a type of Lambda', async () => {
  const { answer, log } = await outcomeOf('nodejs22.x', { 'index.js': 'throw new TypeError("own");' });
  assert.equal(answer.errorType, 'TypeError');
  assert.match(log, /\nINIT_REPORT .*\tError Type: Runtime.Unknown\nSTART/);
});

it('a missing Python module is reported', async () => {
  const { answer, log } = await outcomeOf('python3.12', { 'index.py': 'import nothing_of_the_kind' });
  assert.equal(answer.errorType, 'Runtime.ImportModuleError');
  assert.match(
    log,
    /^\[ERROR\] Runtime.ImportModuleError: .*\nINIT_REPORT [^\n]*\tError Type: Runtime.ImportModuleError\nSTART/s,
  );
});

it('a program that ends before it asks for work is reported', async () => {
  const { answer, log } = await outcomeOf('provided.al2023', { bootstrap: '#!/bin/sh\necho no\nexit 3\n' });
  assert.equal(answer.errorType, 'Runtime.ExitError');
  assert.match(answer.errorMessage, /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/);
  assert.deepEqual(log.split('\n'), [
    'no',
    'INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError',
    'START RequestId: ID Version: $LATEST',
    'RequestId: ID Error: Runtime exited with error: exit status 3',
    'Runtime.ExitError',
    'END RequestId: ID',
    `${REPORT}Status: error\tError Type: Runtime.ExitError\t`,
    '',
  ]);
});

it('a program that reports an error and keeps running is ended', async () => {
  const bootstrap = `#!/bin/sh
curl -s -o /dev/null -d '{"errorType":"Runtime.NoSuchThing","errorMessage":"none"}' \\
  "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error"
exec sleep 600
`;
  const { answer, log } = await outcomeOf('provided.al2023', { bootstrap });
  assert.deepEqual(answer, { errorType: 'Runtime.NoSuchThing', errorMessage: 'none' });
  assert.match(
    log,
    /^INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: error\tError Type: Runtime.NoSuchThing\nSTART/,
  );
});

it('a program that never asks for work times out', async (context) => {
  const lambda = await startTestLambda({ initLimitMs: 1 });
  context.after(() => lambda.stop());
  const files = { bootstrap: '#!/bin/sh\nexec sleep 600\n' };
  const { answer, log } = await outcomeOf('provided.al2023', files, { lambda, Timeout: 1 });
  assert.equal(answer.errorType, 'Sandbox.Timedout');
  assert.match(answer.errorMessage, /^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/);
  assert.deepEqual(log.split('\n'), [
    'INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: timeout',
    'START RequestId: ID Version: $LATEST',
    'TIME ID Task timed out after 1.00 seconds',
    '',
    'END RequestId: ID',
    `${REPORT}Status: timeout\t`,
    '',
  ]);
});

it('a process that ends during an invocation is reported', async () => {
  const { log } = await outcomeOf('nodejs22.x', {
    'index.js': 'exports.handler = async () => process.exit(7);',
  });
  assert.deepEqual(log.split('\n'), [
    'START RequestId: ID Version: $LATEST',
    'RequestId: ID Error: Runtime exited with error: exit status 7',
    'Runtime.ExitError',
    'END RequestId: ID',
    `${REPORT}Init Duration: N ms\tStatus: error\tError Type: Runtime.ExitError\t`,
    '',
  ]);
});
