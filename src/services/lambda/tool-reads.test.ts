// Tests what tools read of a function after they created or changed it, through the SDK's own client.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { zip } from '../../kernel/zip.ts';
import { nodeFunction, startTestLambda, type TestLambda } from './lambda.fixture.ts';

const SOURCE = 'exports.handler = async () => 1;';
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';

let test: TestLambda;
before(async () => {
  test = await startTestLambda();
});
after(() => test.stop());

const create = (name: string, more: Partial<sdk.CreateFunctionCommandInput> = {}) =>
  test.client.send(new sdk.CreateFunctionCommand({ ...nodeFunction(name, SOURCE), ...more }));

async function whenActive(FunctionName: string) {
  await sdk.waitUntilFunctionActiveV2(
    { client: test.client, maxWaitTime: 60, minDelay: 0.01 },
    { FunctionName },
  );
  await sdk.waitUntilFunctionUpdatedV2(
    { client: test.client, maxWaitTime: 60, minDelay: 0.01 },
    { FunctionName },
  );
}

it('a new function is Pending, and a changed one InProgress', async () => {
  const FunctionName = 'states';
  const created = await create(FunctionName);
  assert.deepEqual(
    [created.State, created.StateReasonCode, created.LastUpdateStatus],
    ['Pending', 'Creating', undefined],
  );
  await whenActive(FunctionName);
  const ZipFile = zip({ 'index.js': `${SOURCE}//` });
  for (const updated of [
    await test.client.send(new sdk.UpdateFunctionCodeCommand({ FunctionName, ZipFile })),
    await test.client.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 4 })),
  ]) {
    assert.deepEqual(
      [updated.State, updated.LastUpdateStatus, updated.LastUpdateStatusReasonCode],
      ['Active', 'InProgress', 'Creating'],
    );
    await whenActive(FunctionName);
  }
  const shown = await test.client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName }));
  assert.deepEqual(
    [shown.State, shown.LastUpdateStatus, shown.StateReasonCode],
    ['Active', 'Successful', undefined],
  );
  assert.match(
    shown.RuntimeVersionConfig!.RuntimeVersionArn!,
    /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/,
  );
});

it('features that Millpond lacks are answered as for a function without them', async () => {
  const FunctionName = 'without';
  await create(FunctionName);
  const { CodeSigningConfigArn } = await test.client.send(
    new sdk.GetFunctionCodeSigningConfigCommand({ FunctionName }),
  );
  assert.equal(CodeSigningConfigArn, undefined);
  await test.client.send(new sdk.DeleteFunctionCodeSigningConfigCommand({ FunctionName }));
  const management = await test.client.send(new sdk.GetRuntimeManagementConfigCommand({ FunctionName }));
  assert.deepEqual(
    [management.UpdateRuntimeOn, management.FunctionArn],
    ['Auto', `${ARN}${FunctionName}:$LATEST`],
  );
  await test.client.send(
    new sdk.PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'Auto' }),
  );
  const provisioned = await test.client.send(
    new sdk.ListProvisionedConcurrencyConfigsCommand({ FunctionName }),
  );
  assert.deepEqual(provisioned.ProvisionedConcurrencyConfigs, []);
  const mappings = await test.client.send(new sdk.ListEventSourceMappingsCommand({ FunctionName }));
  assert.deepEqual(mappings.EventSourceMappings, []);
  await assert.rejects(
    test.client.send(new sdk.GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: '$LATEST' })),
    { name: 'ProvisionedConcurrencyConfigNotFoundException' },
  );
  await assert.rejects(
    test.client.send(
      new sdk.PutFunctionCodeSigningConfigCommand({
        FunctionName,
        CodeSigningConfigArn:
          'arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0',
      }),
    ),
    { name: 'InvalidParameterValueException', message: /does not check code signatures/ },
  );
  await assert.rejects(
    test.client.send(
      new sdk.PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'FunctionUpdate' }),
    ),
    { name: 'InvalidParameterValueException', message: /does not keep versions of runtimes/ },
  );
  await assert.rejects(
    test.client.send(new sdk.GetFunctionCodeSigningConfigCommand({ FunctionName: 'none' })),
    {
      name: 'ResourceNotFoundException',
    },
  );
});

it('settings outside of the configuration are listed', async () => {
  const FunctionName = 'beside';
  await create(FunctionName, { Publish: true });
  const put = (Qualifier: string, MaximumRetryAttempts: number) =>
    test.client.send(
      new sdk.PutFunctionEventInvokeConfigCommand({ FunctionName, Qualifier, MaximumRetryAttempts }),
    );
  await put('$LATEST', 0);
  await put('1', 2);
  const list = (Marker?: string) =>
    test.client.send(new sdk.ListFunctionEventInvokeConfigsCommand({ FunctionName, MaxItems: 1, Marker }));
  const first = await list();
  const second = await list(first.NextMarker);
  assert.deepEqual(
    [...first.FunctionEventInvokeConfigs!, ...second.FunctionEventInvokeConfigs!].map((one) => [
      one.FunctionArn,
      one.MaximumRetryAttempts,
    ]),
    [
      [`${ARN}${FunctionName}:$LATEST`, 0],
      [`${ARN}${FunctionName}:1`, 2],
    ],
  );
  assert.equal(second.NextMarker, undefined);
  await assert.rejects(list('noise'), { name: 'InvalidParameterValueException' });
});

it('functions are listed page by page, with or without all versions', async () => {
  await create('page-a', { Publish: true });
  await create('page-b');
  const seen = async (FunctionVersion?: 'ALL') => {
    const arns: string[] = [];
    let Marker: string | undefined;
    do {
      const input = { FunctionVersion, MaxItems: 1, Marker };
      const page = await test.client.send(new sdk.ListFunctionsCommand(input));
      arns.push(...page.Functions!.map((one) => one.FunctionArn!).filter((arn) => arn.includes(':page-')));
      Marker = page.NextMarker;
    } while (Marker);
    return arns;
  };
  assert.deepEqual(await seen(), [`${ARN}page-a`, `${ARN}page-b`]);
  assert.deepEqual(await seen('ALL'), [`${ARN}page-a:$LATEST`, `${ARN}page-a:1`, `${ARN}page-b:$LATEST`]);
});

it('neither $LATEST nor an alias can be deleted as a version', async () => {
  await create('stays', { Publish: true });
  await test.client.send(
    new sdk.CreateAliasCommand({ FunctionName: 'stays', Name: 'live', FunctionVersion: '1' }),
  );
  const remove = (FunctionName: string, Qualifier?: string) =>
    test.client.send(new sdk.DeleteFunctionCommand({ FunctionName, Qualifier }));
  const latest = {
    name: 'InvalidParameterValueException',
    message: '$LATEST version cannot be deleted without deleting the function.',
  };
  await assert.rejects(remove('stays:$LATEST'), latest);
  await assert.rejects(remove('stays', '$LATEST'), latest);
  await assert.rejects(remove('never-made', '$LATEST'), latest);
  await assert.rejects(remove('stays', 'live'), {
    name: 'InvalidParameterValueException',
    message: 'Deletion of aliases is not currently supported.',
  });
  await test.client.send(new sdk.DeleteFunctionCommand({ FunctionName: 'stays' }));
});

it('a function has at most fifty tags, and none with AWS’s prefix', async () => {
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, 'v']));
  await assert.rejects(create('tagged', { Tags }), {
    name: 'InvalidParameterValueException',
    message: 'Number of tags exceeds resource tag limit.',
  });
  await assert.rejects(create('tagged', { Tags: { 'aws:x': 'v' } }), {
    name: 'InvalidParameterValueException',
  });
});

// The calls of the provider's internal/service/lambda/layer_version_permission.go.
it('the policy of a layer version contains the added statements', async () => {
  const LayerName = 'shared';
  const Content = { ZipFile: zip({ 'nodejs/x.js': SOURCE }) };
  await test.client.send(new sdk.PublishLayerVersionCommand({ LayerName, Content }));
  const version = { LayerName, VersionNumber: 1 };
  const policy = () => test.client.send(new sdk.GetLayerVersionPolicyCommand(version));
  await assert.rejects(policy(), { name: 'ResourceNotFoundException' });
  const Action = 'lambda:GetLayerVersion';
  const add = (StatementId: string, Principal: string, more: object = {}) =>
    test.client.send(
      new sdk.AddLayerVersionPermissionCommand({ ...version, StatementId, Action, Principal, ...more }),
    );
  await add('everyone', '*', { OrganizationId: 'o-abcdefghij' });
  const { RevisionId } = await add('dev', '111111111111');
  await assert.rejects(add('dev', '*'), { name: 'ResourceConflictException' });
  await assert.rejects(add('other', '*', { RevisionId: 'old' }), { name: 'PreconditionFailedException' });
  const shown = await policy();
  assert.equal(shown.RevisionId, RevisionId);
  const Resource = 'arn:aws:lambda:us-east-1:000000000000:layer:shared:1';
  assert.deepEqual(JSON.parse(shown.Policy!).Statement, [
    {
      ...{ Sid: 'everyone', Effect: 'Allow', Principal: '*', Action, Resource },
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    },
    { Sid: 'dev', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action, Resource },
  ]);
  const remove = (StatementId: string) =>
    test.client.send(new sdk.RemoveLayerVersionPermissionCommand({ ...version, StatementId }));
  await remove('everyone');
  await assert.rejects(remove('everyone'), { name: 'ResourceNotFoundException' });
  await remove('dev');
  await assert.rejects(policy(), { name: 'ResourceNotFoundException' });
  await assert.rejects(
    test.client.send(new sdk.GetLayerVersionPolicyCommand({ LayerName, VersionNumber: 2 })),
    { name: 'ResourceNotFoundException' },
  );
});

it('a function of many files is Pending while they are unpacked, its update InProgress, and calls wait', async () => {
  const FunctionName = 'many-files';
  const files = Object.fromEntries(Array.from({ length: 2_500 }, (_, index) => [`lib/f${index}`, 'x']));
  const packed = (answer: number) =>
    zip({ ...files, 'index.js': `exports.handler = async () => ${answer};` });
  const look = () => test.client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName }));
  const answer = async () => {
    const { Payload } = await test.client.send(new sdk.InvokeCommand({ FunctionName }));
    return Buffer.from(Payload!).toString();
  };
  await create(FunctionName, { Code: { ZipFile: packed(1) } });
  assert.deepEqual([(await look()).State, await answer(), (await look()).State], ['Pending', '1', 'Active']);
  await test.client.send(new sdk.UpdateFunctionCodeCommand({ FunctionName, ZipFile: packed(2) }));
  assert.equal((await look()).LastUpdateStatus, 'InProgress');
  assert.equal(await answer(), '2');
  assert.equal((await look()).LastUpdateStatus, 'Successful');
});

it('an invalid package of many files makes the function Failed', async () => {
  const FunctionName = 'cannot-be-opened';
  // Each name is valid, but no file system can have both.
  const files = Object.fromEntries(Array.from({ length: 2_500 }, (_, index) => [`f${index}`, 'x']));
  await create(FunctionName, { Code: { ZipFile: zip({ ...files, f0: 'x', 'f0/below': 'y' }) } });
  await assert.rejects(whenActive(FunctionName));
  const shown = await test.client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName }));
  assert.deepEqual([shown.State, shown.StateReasonCode], ['Failed', 'InvalidZipFileException']);
  await assert.rejects(test.client.send(new sdk.InvokeCommand({ FunctionName })), {
    name: 'ResourceConflictException',
  });
});
