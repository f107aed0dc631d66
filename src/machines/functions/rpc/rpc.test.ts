// Functions of go1.x: a real program of aws-lambda-go 1.13, which is called by RPC, and others that are not as it is.

import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GO_RPC_FUNCTION, WITHOUT_GO_RPC_FUNCTION } from '../../../../test/support/outside-clients.ts';
import type { FunctionSpec } from '../function.ts';
import { REQUEST_ID, startTestFunctions, type TestFunctions } from '../functions.fixture.ts';

let test: TestFunctions;
before(async () => {
  test = await startTestFunctions();
});
after(() => test?.stop());

const invoke: TestFunctions['invoke'] = (...given) => test.invoke(...given);

async function goFunction(name = 'main', options: Partial<FunctionSpec> = {}): Promise<FunctionSpec> {
  const spec = await test.specOf({}, { runtime: 'go1.x', handler: name, ...options });
  await mkdir(dirname(join(spec.codeDirectory, name)), { recursive: true });
  await copyFile(GO_RPC_FUNCTION, join(spec.codeDirectory, name));
  return spec;
}

describe('a program that knows only RPC', { skip: WITHOUT_GO_RPC_FUNCTION }, () => {
  it('gets its event and its context, and stays warm', async () => {
    const spec = await goFunction('bin/main', {
      variables: () => ({ AWS_LAMBDA_FUNCTION_NAME: 'by-rpc' }),
    });
    const called = await test.functions.invoke(spec, {
      requestId: REQUEST_ID,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
      event: Buffer.from('{"do":"context"}'),
      clientContext: '{"Custom":{"k":"ü"}}',
      traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793',
    });
    const { left, ...context } = JSON.parse(called!.payload.toString());
    assert.deepEqual(context, {
      requestId: REQUEST_ID,
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
      trace: 'Root=1-5759e988-bd862e3fe1be46a994272793',
      client: { k: 'ü' },
      name: 'by-rpc',
      calls: 1,
    });
    assert.ok(left > 0 && left <= 20, String(left));
    const second = await invoke(spec, { do: 'context' });
    assert.equal(second.answer.calls, 2);
    assert.equal(second.environment.id, called!.environment.id);
    const said = await invoke(spec, { do: 'log' });
    assert.deepEqual([said.answer, said.log.map(({ text }) => text)], [null, ['said by the function']]);
  });

  it('is called by RPC on provided runtimes, too', async () => {
    const spec = await goFunction('bootstrap', { runtime: 'provided.al2', handler: 'any' });
    assert.deepEqual((await invoke(spec, { do: 'echo', id: '1' })).answer.id, '1');
  });

  it('reports its errors, and ends when it panics', async () => {
    const spec = await goFunction();
    const failed = await invoke(spec, { do: 'fail' });
    assert.equal(failed.status, 'failed');
    assert.deepEqual(failed.answer, { errorMessage: 'it failed', errorType: 'errorString' });
    const typed = await invoke(spec, { do: 'fail by type' });
    assert.deepEqual(typed.answer, { errorMessage: 'no name', errorType: 'fieldError' });
    const wrong = await invoke(spec, []);
    assert.equal(wrong.answer.errorType, 'UnmarshalTypeError');
    const panicked = await invoke(spec, { do: 'panic' });
    const { stackTrace, ...error } = panicked.answer;
    assert.deepEqual(error, { errorMessage: 'out of order', errorType: 'string' });
    const frames = stackTrace as { path: string; line: number; label: string }[];
    assert.ok(frames.some(({ path, line }) => path.endsWith('main.go') && line > 0));
    const after = await invoke(spec, { do: 'context' });
    assert.equal(after.answer.calls, 1, 'a new process');
  });

  it('that exits, takes too long or answers too much is told as any other', async () => {
    const spec = await goFunction('main', { timeoutMs: 3_000 });
    const much = await invoke(spec, { do: 'much' });
    assert.equal(much.answer.errorType, 'Function.ResponseSizeTooLarge');
    const ended = await invoke(spec, { do: 'exit' });
    assert.equal(
      ended.answer.errorMessage,
      `RequestId: ${REQUEST_ID} Error: Runtime exited with error: exit status 3`,
    );
    const brief = await goFunction('main', { timeoutMs: 200 });
    assert.equal((await invoke(brief, { do: 'sleep' })).answer.errorType, 'Sandbox.Timedout');
  });

  it('works where each environment has its own process', async () => {
    const spec = await goFunction();
    const ids = ['1', '2', '3', '4'];
    const outcomes = await Promise.all(ids.map((id) => invoke(spec, { do: 'echo', id })));
    assert.deepEqual(
      outcomes.map(({ answer }) => answer.id),
      ids,
    );
  });
});

describe('another program on go1.x', () => {
  const python = (lines: string) => `#!/usr/bin/python3
import os, socket, time
server = socket.create_server(('127.0.0.1', int(os.environ['_LAMBDA_SERVER_PORT'])))
connection = server.accept()[0]
${lines}
time.sleep(60)
`;
  const specOf = (text: string) => test.specOf({ main: text }, { runtime: 'go1.x', handler: 'main' });

  it('may use the Runtime API', async () => {
    const spec = await specOf(`#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while :; do
  id=$(curl -s -D - -o /tmp/event "$api/next" | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //p')
  curl -s -o /dev/null -d "{\\"got\\":$(cat /tmp/event)}" "$api/$id/response"
done
`);
    assert.deepEqual((await invoke(spec, { a: 1 })).answer, { got: { a: 1 } });
    assert.deepEqual((await invoke(spec, { a: 2 })).answer, { got: { a: 2 } });
  });

  it('that is missing is an error in AWS’s words', async () => {
    const { answer } = await invoke(await test.specOf({}, { runtime: 'go1.x', handler: 'main' }));
    assert.equal(answer.errorType, 'PathError');
    assert.match(answer.errorMessage, /fork\/exec \/var\/task\/main: no such file or directory$/);
  });

  it('that does not speak RPC is told at once', async () => {
    for (const bytes of [
      "b'HTTP/1.1 400 Bad Request' * 4",
      "b'\\xf8\\x7f\\xff\\xff\\xff\\xff\\xff\\xff\\xff'",
    ]) {
      const { answer } = await invoke(await specOf(python(`connection.sendall(${bytes})`)));
      assert.match(answer.errorMessage, /The program does not speak RPC: /);
    }
  });
});
