// Tests settings outside of a function's configuration (aliases, concurrency, asynchronous invocation, URLs) and
// layers: each is created, read, listed, changed and deleted.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Lambda } from '@aws-sdk/client-lambda';
import { zip } from '../../kernel/zip.ts';
import { nodeFunction, startTestLambda, type TestLambda } from './lambda.fixture.ts';

const SOURCE = 'exports.handler = async (event) => { console.log("seen", event.a); return 1; };';
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';

let test: TestLambda;
let lambda: Lambda;
before(async () => {
  test = await startTestLambda();
  const { endpoint, region, credentials } = test.client.config;
  lambda = new Lambda({ endpoint: endpoint!, region, credentials });
});
after(async () => {
  lambda?.destroy();
  await test?.stop();
});

const absent = { name: 'ResourceNotFoundException' };

async function create(FunctionName: string): Promise<string> {
  await lambda.createFunction({ ...nodeFunction(FunctionName, SOURCE), Publish: true });
  return FunctionName;
}

it('an update moves an alias to another version', async () => {
  const FunctionName = await create('aliased');
  await lambda.updateFunctionCode({
    FunctionName,
    ZipFile: zip({ 'index.js': `${SOURCE}//` }),
    Publish: true,
  });
  const made = await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' });
  const { $metadata: _, ...shown } = await lambda.getAlias({ FunctionName, Name: 'live' });
  assert.deepEqual(shown, {
    AliasArn: `${ARN}${FunctionName}:live`,
    Name: 'live',
    FunctionVersion: '1',
    Description: '',
    RevisionId: made.RevisionId,
  });
  const changed = await lambda.updateAlias({
    ...{ FunctionName, Name: 'live', FunctionVersion: '2', Description: 'd' },
    RoutingConfig: { AdditionalVersionWeights: { 1: 0.25 } },
  });
  assert.deepEqual(
    [changed.FunctionVersion, changed.Description, changed.RoutingConfig?.AdditionalVersionWeights],
    ['2', 'd', { 1: 0.25 }],
  );
  assert.notEqual(changed.RevisionId, made.RevisionId);
  await assert.rejects(lambda.updateAlias({ FunctionName, Name: 'live', RevisionId: made.RevisionId }), {
    name: 'PreconditionFailedException',
  });
  const byVersion = async (FunctionVersion: string) =>
    (await lambda.listAliases({ FunctionName, FunctionVersion })).Aliases!.map(({ Name }) => Name);
  assert.deepEqual([await byVersion('1'), await byVersion('2')], [[], ['live']]);
  await lambda.deleteAlias({ FunctionName, Name: 'live' });
  await assert.rejects(lambda.getAlias({ FunctionName, Name: 'live' }), absent);
});

it('concurrency reserved for a function is subtracted from the account’s', async () => {
  const FunctionName = await create('reserved');
  const unreserved = async () =>
    (await lambda.getAccountSettings({})).AccountLimit!.UnreservedConcurrentExecutions;
  assert.equal(await unreserved(), 1000);
  assert.equal(
    (await lambda.getFunctionConcurrency({ FunctionName })).ReservedConcurrentExecutions,
    undefined,
  );
  await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 7 });
  assert.equal((await lambda.getFunctionConcurrency({ FunctionName })).ReservedConcurrentExecutions, 7);
  assert.equal(await unreserved(), 993);
  await assert.rejects(lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 901 }), {
    name: 'InvalidParameterValueException',
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  });
  await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 900 });
  const other = await create('reserved-too');
  await assert.rejects(
    lambda.putFunctionConcurrency({ FunctionName: other, ReservedConcurrentExecutions: 1 }),
    { name: 'InvalidParameterValueException' },
  );
  await lambda.deleteFunctionConcurrency({ FunctionName });
  assert.equal(
    (await lambda.getFunctionConcurrency({ FunctionName })).ReservedConcurrentExecutions,
    undefined,
  );
});

it('settings of asynchronous invocation are created, updated, listed and deleted', async () => {
  const FunctionName = await create('retried');
  await assert.rejects(
    lambda.updateFunctionEventInvokeConfig({ FunctionName, MaximumRetryAttempts: 1 }),
    absent,
  );
  await lambda.putFunctionEventInvokeConfig({ FunctionName, MaximumRetryAttempts: 0 });
  await lambda.updateFunctionEventInvokeConfig({ FunctionName, MaximumEventAgeInSeconds: 60 });
  const shown = await lambda.getFunctionEventInvokeConfig({ FunctionName });
  assert.deepEqual(
    [shown.FunctionArn, shown.MaximumRetryAttempts, shown.MaximumEventAgeInSeconds],
    [`${ARN}${FunctionName}:$LATEST`, 0, 60],
  );
  const { FunctionEventInvokeConfigs } = await lambda.listFunctionEventInvokeConfigs({ FunctionName });
  assert.equal(FunctionEventInvokeConfigs!.length, 1);
  await lambda.deleteFunctionEventInvokeConfig({ FunctionName });
  await assert.rejects(lambda.getFunctionEventInvokeConfig({ FunctionName }), absent);
});

it('the auth type of a function URL can be updated', async () => {
  const FunctionName = await create('reached');
  const { FunctionUrl } = await lambda.createFunctionUrlConfig({ FunctionName, AuthType: 'AWS_IAM' });
  const Cors = { AllowOrigins: ['https://example.com'], MaxAge: 10 };
  const changed = await lambda.updateFunctionUrlConfig({ FunctionName, AuthType: 'NONE', Cors });
  assert.deepEqual([changed.FunctionUrl, changed.AuthType, changed.Cors], [FunctionUrl, 'NONE', Cors]);
  const { FunctionUrlConfigs } = await lambda.listFunctionUrlConfigs({ FunctionName });
  assert.deepEqual(
    FunctionUrlConfigs!.map((one) => [one.FunctionUrl, one.AuthType]),
    [[FunctionUrl, 'NONE']],
  );
  await assert.rejects(lambda.updateFunctionUrlConfig({ FunctionName: await create('unreached') }), absent);
});

it('versions of a layer are read by number and by ARN, newest first', async () => {
  const publish = (CompatibleRuntimes: ['nodejs22.x'] | ['python3.12']) =>
    lambda.publishLayerVersion({
      ...{ LayerName: 'shared', CompatibleRuntimes },
      Content: { ZipFile: zip({ 'nodejs/x.js': String(CompatibleRuntimes) }) },
    });
  const [first, second] = [await publish(['nodejs22.x']), await publish(['python3.12'])];
  const { LayerVersions } = await lambda.listLayerVersions({ LayerName: 'shared' });
  assert.deepEqual(
    LayerVersions!.map(({ Version }) => Version),
    [2, 1],
  );
  assert.deepEqual(Object.keys(LayerVersions![0]!).sort(), [
    ...['CompatibleRuntimes', 'CreatedDate', 'LayerVersionArn', 'Version'],
  ]);
  const ofNode = await lambda.listLayerVersions({ LayerName: 'shared', CompatibleRuntime: 'nodejs22.x' });
  assert.deepEqual(
    ofNode.LayerVersions!.map((one) => one.LayerVersionArn),
    [first.LayerVersionArn],
  );
  const byNumber = await lambda.getLayerVersion({ LayerName: 'shared', VersionNumber: 2 });
  const byArn = await lambda.getLayerVersionByArn({ Arn: second.LayerVersionArn });
  assert.deepEqual(
    [byNumber.Content!.CodeSha256, byNumber.CompatibleRuntimes],
    [byArn.Content!.CodeSha256, ['python3.12']],
  );
  const bytes = Buffer.from(await (await fetch(byArn.Content!.Location!)).arrayBuffer());
  assert.deepEqual(bytes, zip({ 'nodejs/x.js': 'python3.12' }));
  await assert.rejects(lambda.getLayerVersion({ LayerName: 'shared', VersionNumber: 3 }), absent);
});

it('a permission is removed where there is one', async () => {
  const FunctionName = await create('permitted');
  const remove = (StatementId: string) => lambda.removePermission({ FunctionName, StatementId });
  await assert.rejects(remove('one'), {
    ...absent,
    message: 'No policy is associated with the given resource.',
  });
  await lambda.addPermission({
    ...{ FunctionName, StatementId: 'one', Action: 'lambda:InvokeFunction' },
    Principal: 's3.amazonaws.com',
  });
  await assert.rejects(remove('two'), {
    ...absent,
    message: 'Statement two is not found in resource policy.',
  });
  await remove('one');
  await assert.rejects(lambda.getPolicy({ FunctionName }), absent);
});

it('InvokeAsync answers at once, and the function is called', async () => {
  const FunctionName = await create('later');
  const { Status } = await lambda.invokeAsync({ FunctionName, InvokeArgs: '{"a":"this"}' });
  assert.equal(Status, 202);
  const isLogged = () => test.logged.some(({ message }) => message.includes('seen this'));
  for (const deadline = Date.now() + 60_000; !isLogged(); await new Promise(setImmediate)) {
    assert.ok(Date.now() < deadline, 'the function was not called');
  }
});
