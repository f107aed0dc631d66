// Tests Lambda through the SDK's own client: functions that run, what is stored, and what is refused.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { zip } from '../../kernel/zip.ts';
import { nodeFunction, startTestLambda, type TestLambda } from './lambda.fixture.ts';

let test: TestLambda;

before(async () => {
  test = await startTestLambda();
});
after(() => test.stop());

const ECHO = 'exports.handler = async (event) => { console.log("seen"); return event; };';
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';

const create = (name: string, source = ECHO) =>
  test.client.send(new sdk.CreateFunctionCommand(nodeFunction(name, source)));

async function invoke(input: sdk.InvokeCommandInput) {
  const { Payload, LogResult, $metadata: _, ...rest } = await test.client.send(new sdk.InvokeCommand(input));
  return {
    ...rest,
    answer: Payload?.length ? JSON.parse(Buffer.from(Payload).toString()) : undefined,
    log: LogResult && Buffer.from(LogResult, 'base64').toString(),
  };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await condition()); await new Promise(setImmediate)) {
    assert.ok(Date.now() < deadline, 'it did not come to pass');
  }
}

describe('a function', () => {
  it('is created, shown, called, changed and deleted', async () => {
    const created = await create('life');
    assert.equal(created.FunctionArn, `${ARN}life`);
    assert.equal(created.Version, '$LATEST');
    assert.match(created.LastModified!, /^\d{4}-\d\d-\d\dT[\d:.]+\+0000$/);
    const shown = await test.client.send(new sdk.GetFunctionCommand({ FunctionName: 'life' }));
    assert.equal(shown.Configuration!.State, 'Active');
    const fetched = await fetch(shown.Code!.Location!);
    assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), zip({ 'index.js': ECHO }));

    const called = await invoke({ FunctionName: 'life', Payload: '{"a":1}', LogType: 'Tail' });
    assert.deepEqual(called.answer, { a: 1 });
    assert.equal(called.StatusCode, 200);
    assert.equal(called.ExecutedVersion, '$LATEST');
    assert.match(
      called.log!,
      /^START RequestId: \S+ Version: \$LATEST\n.*\tINFO\tseen\nEND RequestId.*\nREPORT .*Init Duration: [\d.]+ ms\t\n$/s,
    );

    const update = { FunctionName: 'life', ZipFile: zip({ 'index.js': 'exports.handler = async () => 2;' }) };
    const updated = await test.client.send(new sdk.UpdateFunctionCodeCommand(update));
    assert.notEqual(updated.CodeSha256, created.CodeSha256);
    assert.equal((await invoke({ FunctionName: `${ARN}life` })).answer, 2);
    const change = { FunctionName: 'life', Timeout: 9, Environment: { Variables: { A_B: 'c' } } };
    const changed = await test.client.send(new sdk.UpdateFunctionConfigurationCommand(change));
    assert.deepEqual([changed.Timeout, changed.Environment], [9, { Variables: { A_B: 'c' } }]);

    await test.client.send(new sdk.DeleteFunctionCommand({ FunctionName: 'life' }));
    await assert.rejects(invoke({ FunctionName: 'life' }), {
      name: 'ResourceNotFoundException',
      message: `Function not found: ${ARN}life`,
    });
  });

  it('writes to its log group', async () => {
    await create('logs');
    await invoke({ FunctionName: 'logs' });
    const mine = () => test.logged.filter(({ group }) => group === '/aws/lambda/logs');
    await until(() => mine().length === 4);
    assert.match(mine()[0]!.stream, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    assert.match(mine()[1]!.message, /seen$/);
  });

  it('gets its environment in variables', async () => {
    await create('variables', 'exports.handler = async () => process.env;');
    const { answer } = await invoke({ FunctionName: 'variables' });
    assert.equal(answer.AWS_LAMBDA_FUNCTION_NAME, 'variables');
    assert.equal(answer.AWS_EXECUTION_ENV, 'AWS_Lambda_nodejs22.x');
    assert.equal(answer.AWS_ACCESS_KEY_ID, '000000000000');
    assert.equal(answer.AWS_REGION, 'us-east-1');
    assert.equal(answer.PWD ?? answer.LAMBDA_TASK_ROOT, answer.LAMBDA_TASK_ROOT);
  });

  it('has its errors reported as in Lambda', async () => {
    await create('fails', 'exports.handler = async () => { throw new RangeError("too far"); };');
    const failed = await invoke({ FunctionName: 'fails' });
    assert.equal(failed.StatusCode, 200);
    assert.equal(failed.FunctionError, 'Unhandled');
    assert.deepEqual([failed.answer.errorType, failed.answer.errorMessage], ['RangeError', 'too far']);
  });

  it('may have its code in S3', async () => {
    test.objects.set('bucket/code.zip', zip({ 'index.js': 'exports.handler = async () => 3;' }));
    const from = (S3Key: string) => ({ ...nodeFunction('from-s3', ''), Code: { S3Bucket: 'bucket', S3Key } });
    await assert.rejects(test.client.send(new sdk.CreateFunctionCommand(from('none'))), {
      name: 'InvalidParameterValueException',
      message:
        'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    });
    await test.client.send(new sdk.CreateFunctionCommand(from('code.zip')));
    assert.equal((await invoke({ FunctionName: 'from-s3' })).answer, 3);
  });

  it('has layers, versions and aliases', async () => {
    const layer = await test.client.send(
      new sdk.PublishLayerVersionCommand({
        LayerName: 'shared',
        Content: { ZipFile: zip({ 'nodejs/node_modules/shared/index.js': 'module.exports = "layered";' }) },
      }),
    );
    assert.equal(layer.LayerVersionArn, 'arn:aws:lambda:us-east-1:000000000000:layer:shared:1');
    const source =
      'exports.handler = async () => [require("shared"), process.env.AWS_LAMBDA_FUNCTION_VERSION];';
    await test.client.send(
      new sdk.CreateFunctionCommand({
        ...nodeFunction('versions', source),
        Layers: [layer.LayerVersionArn!],
        Publish: true,
      }),
    );
    assert.deepEqual((await invoke({ FunctionName: 'versions', Qualifier: '1' })).answer, ['layered', '1']);
    const alias = { FunctionName: 'versions', Name: 'live', FunctionVersion: '1' };
    await test.client.send(new sdk.CreateAliasCommand(alias));
    const called = await invoke({ FunctionName: 'versions:live' });
    assert.deepEqual([called.answer[1], called.ExecutedVersion], ['1', '1']);
    await assert.rejects(
      test.client.send(new sdk.DeleteFunctionCommand({ FunctionName: 'versions', Qualifier: '1' })),
      { name: 'ResourceConflictException' },
    );
    const again = await test.client.send(new sdk.PublishVersionCommand({ FunctionName: 'versions' }));
    assert.equal(again.Version, '1');
    const { Versions } = await test.client.send(
      new sdk.ListVersionsByFunctionCommand({ FunctionName: 'versions' }),
    );
    assert.deepEqual(
      Versions!.map((each) => each.FunctionArn),
      [`${ARN}versions:$LATEST`, `${ARN}versions:1`],
    );
  });

  it('runs at most as often concurrently as is reserved', async () => {
    await create('reserved', 'exports.handler = () => new Promise((done) => setTimeout(done, 300));');
    await test.client.send(
      new sdk.PutFunctionConcurrencyCommand({ FunctionName: 'reserved', ReservedConcurrentExecutions: 1 }),
    );
    const outcomes = await Promise.allSettled([1, 2].map(() => invoke({ FunctionName: 'reserved' })));
    const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    assert.deepEqual(
      refused.map(({ name, message, Reason, $metadata }) => [
        name,
        message,
        Reason,
        $metadata.httpStatusCode,
      ]),
      [
        [
          'TooManyRequestsException',
          'Rate Exceeded.',
          'ReservedFunctionConcurrentInvocationLimitExceeded',
          429,
        ],
      ],
    );
  });
});

describe('an asynchronous invocation', () => {
  it('is accepted, and attempted three times in total', async () => {
    await create(
      'later',
      'exports.handler = async () => { console.log("attempt"); throw new Error("no"); };',
    );
    const accepted = await invoke({ FunctionName: 'later', InvocationType: 'Event', Payload: '{}' });
    assert.equal(accepted.StatusCode, 202);
    const attempts = () =>
      test.logged.filter(({ group, message }) => group === '/aws/lambda/later' && /\tattempt$/.test(message));
    await until(() => attempts().length === 3);
  });

  it('survives a restart of Millpond', async () => {
    await create(
      'survivor',
      'exports.handler = async (event) => { console.log("began"); await new Promise((done) => setTimeout(done, event.ms)); console.log("done"); };',
    );
    await invoke({ FunctionName: 'survivor', InvocationType: 'Event', Payload: '{"ms":200}' });
    await test.restart();
    await until(() => test.logged.some(({ message }) => /\tdone$/.test(message)));
  });
});

describe('a function URL', () => {
  it('answers over HTTP, on the same port after a restart', async () => {
    await create(
      'url',
      `exports.handler = async (event) => ({
        statusCode: 201, headers: { 'X-Seen': event.requestContext.http.method }, cookies: ['a=1', 'b=2'],
        body: JSON.stringify([event.rawPath, event.queryStringParameters, event.cookies, event.body, event.isBase64Encoded]),
      });`,
    );
    const { FunctionUrl } = await test.client.send(
      new sdk.CreateFunctionUrlConfigCommand({
        FunctionName: 'url',
        AuthType: 'NONE',
        Cors: { AllowOrigins: ['*'], AllowMethods: ['GET'] },
      }),
    );
    assert.match(FunctionUrl!, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const ask = async () => {
      const response = await fetch(`${FunctionUrl}a%20b?x=1&x=2&y=`, {
        method: 'POST',
        body: 'hello',
        headers: { cookie: 'c=3; d=4', 'content-type': 'text/plain', origin: 'http://a.test' },
      });
      assert.equal(response.status, 201);
      assert.equal(response.headers.get('x-seen'), 'POST');
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
      assert.deepEqual(await response.json(), ['/a b', { x: '1,2', y: '' }, ['c=3', 'd=4'], 'hello', false]);
    };
    await ask();
    await test.restart();
    await ask();
    await test.client.send(new sdk.DeleteFunctionUrlConfigCommand({ FunctionName: 'url' }));
    await assert.rejects(fetch(FunctionUrl!));
  });

  it('with AWS_IAM requires a signature', async () => {
    await create('url-signed', 'exports.handler = async () => 1;');
    const { FunctionUrl } = await test.client.send(
      new sdk.CreateFunctionUrlConfigCommand({ FunctionName: 'url-signed', AuthType: 'AWS_IAM' }),
    );
    const unsigned = await fetch(FunctionUrl!);
    assert.deepEqual([unsigned.status, await unsigned.text()], [403, '{"Message":"Forbidden"}']);
    assert.equal(unsigned.headers.get('x-amzn-errortype'), 'AccessDeniedException');
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20261130/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00';
    assert.equal((await fetch(FunctionUrl!, { headers: { authorization } })).status, 200);
    assert.equal((await fetch(`${FunctionUrl}?X-Amz-Signature=00`)).status, 200);
  });

  it('refuses a page that rebinds its own host name', async () => {
    await create('rebound', 'exports.handler = async () => "called";');
    const config = { FunctionName: 'rebound', AuthType: 'NONE' as const };
    const { FunctionUrl } = await test.client.send(new sdk.CreateFunctionUrlConfigCommand(config));
    const ask = async (host?: string) => {
      const outgoing = request(FunctionUrl!, { agent: false, ...(host && { headers: { host } }) }).end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      return [response.statusCode, await text(response)];
    };
    assert.deepEqual(await ask('rebound.example'), [403, '{"Message":"Forbidden"}']);
    assert.deepEqual(await ask(), [200, 'called']);
  });

  it('answers 502 when its function fails', async () => {
    await create('bad-url', 'exports.handler = async () => { throw new Error("no"); };');
    const config = { FunctionName: 'bad-url', AuthType: 'NONE' as const };
    const { FunctionUrl } = await test.client.send(new sdk.CreateFunctionUrlConfigCommand(config));
    const response = await fetch(FunctionUrl!);
    assert.deepEqual([response.status, await response.text()], [502, 'Internal Server Error']);
    await assert.rejects(test.client.send(new sdk.CreateFunctionUrlConfigCommand(config)), {
      name: 'ResourceConflictException',
    });
  });
});

describe('what is refused', () => {
  const refusals: [string, Partial<sdk.CreateFunctionCommandInput>, string, RegExp][] = [
    ['an invalid role', { Role: 'me' }, 'ValidationException', /'role' failed to satisfy constraint/],
    ['an unknown runtime', { Runtime: 'cobol' as never }, 'ValidationException', /enum value set/],
    [
      'a runtime that Millpond does not run',
      { Runtime: 'java21' },
      'InvalidParameterValueException',
      /does not run java21 functions/,
    ],
    [
      'no runtime',
      { Runtime: undefined },
      'InvalidParameterValueException',
      /^Runtime and Handler are mandatory/,
    ],
    [
      'no zip',
      { Code: { ZipFile: Buffer.from('nonsense') } },
      'InvalidParameterValueException',
      /^Could not unzip uploaded file/,
    ],
    [
      'a missing layer',
      { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:none:1'] },
      'InvalidParameterValueException',
      /layer:none:1 does not exist/,
    ],
    ['a timeout too long', { Timeout: 901 }, 'ValidationException', /less than or equal to 900/],
    [
      'a reserved variable',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
      /reserved keys/,
    ],
  ];
  for (const [what, change, name, message] of refusals) {
    it(what, async () => {
      const input = { ...nodeFunction('refused', ECHO), ...change };
      await assert.rejects(test.client.send(new sdk.CreateFunctionCommand(input)), { name, message });
    });
  }

  it('a duplicate name, bad JSON and another region are refused', async () => {
    await create('once');
    await assert.rejects(create('once'), {
      name: 'ResourceConflictException',
      message: 'Function already exist: once',
    });
    await assert.rejects(invoke({ FunctionName: 'once', Payload: '{' }), {
      name: 'InvalidRequestContentException',
    });
    await assert.rejects(invoke({ FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:once' }), {
      name: 'ResourceNotFoundException',
      message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    });
  });
});

it('permissions are stored and returned', async () => {
  await create('policy');
  const permission = {
    FunctionName: 'policy',
    StatementId: 'sns',
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
  };
  await test.client.send(new sdk.AddPermissionCommand(permission));
  await assert.rejects(test.client.send(new sdk.AddPermissionCommand(permission)), {
    name: 'ResourceConflictException',
  });
  const { Policy } = await test.client.send(new sdk.GetPolicyCommand({ FunctionName: 'policy' }));
  assert.deepEqual(JSON.parse(Policy!).Statement, [
    {
      Sid: 'sns',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: `${ARN}policy`,
    },
  ]);
  await test.client.send(new sdk.RemovePermissionCommand({ FunctionName: 'policy', StatementId: 'sns' }));
  await assert.rejects(test.client.send(new sdk.GetPolicyCommand({ FunctionName: 'policy' })), {
    name: 'ResourceNotFoundException',
  });
});
