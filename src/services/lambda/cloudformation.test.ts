// Tests Lambda's resource types, called as CloudFormation calls them.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Properties, ResourceRequest } from '../../control/resource-type.ts';
import { zip } from '../../kernel/zip.ts';
import { createClient } from '../../wire/client.ts';
import { lambdaResourceTypes } from './cloudformation.ts';
import { ROLE, startTestLambda, type TestLambda } from './lambda.fixture.ts';
import type { Sdk } from './sdk.ts';

let test: TestLambda;
before(async () => {
  test = await startTestLambda();
});
after(() => test.stop());

const client = () => createClient<Sdk>('lambda', { inProcess: test.service });
const typeOf = (name: string) =>
  lambdaResourceTypes(client()).find((type) => type.name === `AWS::Lambda::${name}`)!;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';

const requestOf = (logicalId: string, properties: Properties): ResourceRequest => ({
  scope: SCOPE,
  stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/demo/1',
  stackName: 'demo',
  logicalId,
  properties,
  tags: { stack: 'demo' },
  token: 'ABCDEFGH1234',
  isRetry: false,
  signal: new AbortController().signal,
});

const python = (code: string): Properties => ({
  Runtime: 'python3.8',
  Handler: 'index.handler',
  Role: ROLE,
  Timeout: '10',
  Code: { ZipFile: code },
  Environment: { Variables: { PORT: 6379 } },
});

async function answerOf(FunctionName: string): Promise<unknown> {
  const { Payload } = await client().call('Invoke', { FunctionName }, SCOPE);
  return JSON.parse(Buffer.from(Payload as Uint8Array).toString());
}

it('a function with inline code, a URL and a permission is created, updated and deleted', async () => {
  const type = typeOf('Function');
  const first = python('import os\ndef handler(e, c): return os.environ["PORT"]');
  const request = requestOf('Web', first);
  const made = await type.create(request);
  assert.deepEqual(made, {
    physicalId: 'demo-Web-ABCDEFGH1234',
    attributes: { Arn: `${ARN}demo-Web-ABCDEFGH1234` },
  });
  assert.deepEqual(await type.create({ ...request, isRetry: true }), made);
  await assert.rejects(type.create(request), { message: 'Function already exist: demo-Web-ABCDEFGH1234' });
  assert.equal(await answerOf(made.physicalId), '6379');
  const existing = { ...request, physicalId: made.physicalId };

  const second = { ...python('def handler(e, c): return 2'), Tags: [{ Key: 'a', Value: 'b' }] };
  await type.update!({ ...existing, properties: second, before: first });
  assert.equal(await answerOf(made.physicalId), 2);
  const { Tags } = await client().call('ListTags', { Resource: made.attributes.Arn as string }, SCOPE);
  assert.deepEqual(Tags, { a: 'b', stack: 'demo' });

  const urlRequest = requestOf('Url', { TargetFunctionArn: made.attributes.Arn!, AuthType: 'NONE' });
  const url = await typeOf('Url').create(urlRequest);
  assert.equal(url.physicalId, made.attributes.Arn);
  assert.match(String(url.attributes.FunctionUrl), /^http:\/\/127\.0\.0\.1:\d+\/$/);
  assert.equal(await (await fetch(String(url.attributes.FunctionUrl))).text(), '2');
  assert.deepEqual(await typeOf('Url').create({ ...urlRequest, isRetry: true }), url);

  const permission = requestOf('Allow', {
    FunctionName: made.physicalId,
    Action: 'lambda:InvokeFunctionUrl',
    Principal: '*',
    FunctionUrlAuthType: 'NONE',
  });
  const allowed = await typeOf('Permission').create(permission);
  assert.equal(allowed.physicalId, 'demo-Allow-ABCDEFGH1234');

  await typeOf('Permission').delete({ ...permission, physicalId: allowed.physicalId });
  await typeOf('Url').delete({ ...urlRequest, physicalId: url.physicalId });
  await type.delete(existing);
  await type.delete(existing);
  await typeOf('Permission').delete({ ...permission, physicalId: allowed.physicalId });
});

it('a layer, a version and an alias are created, updated and deleted', async () => {
  test.objects.set('bucket/layer.zip', zip({ 'python/shared.py': 'VALUE = 7' }));
  const layerRequest = requestOf('Layer', {
    LayerName: 'shared',
    Content: { S3Bucket: 'bucket', S3Key: 'layer.zip' },
  });
  const layer = await typeOf('LayerVersion').create(layerRequest);
  assert.equal(layer.physicalId, 'arn:aws:lambda:us-east-1:000000000000:layer:shared:1');
  assert.deepEqual(await typeOf('LayerVersion').create({ ...layerRequest, isRetry: true }), layer);

  const properties = {
    ...python('import shared\ndef handler(e, c): return shared.VALUE'),
    Layers: [layer.physicalId],
  };
  const made = await typeOf('Function').create(requestOf('Versioned', properties));
  const versionRequest = requestOf('Version', { FunctionName: made.physicalId });
  const version = await typeOf('Version').create(versionRequest);
  assert.deepEqual(version, {
    physicalId: `${ARN}${made.physicalId}:1`,
    attributes: { FunctionArn: `${ARN}${made.physicalId}:1`, Version: '1' },
  });
  const aliasRequest = requestOf('Alias', {
    FunctionName: made.physicalId,
    Name: 'live',
    FunctionVersion: '1',
  });
  const alias = await typeOf('Alias').create(aliasRequest);
  assert.equal(alias.physicalId, `${ARN}${made.physicalId}:live`);
  assert.equal(await answerOf(alias.physicalId), 7);
  await typeOf('Alias').delete({ ...aliasRequest, physicalId: alias.physicalId });
  await typeOf('Version').delete({ ...versionRequest, physicalId: version.physicalId });
  await typeOf('LayerVersion').delete({ ...layerRequest, physicalId: layer.physicalId });
});

it('numbers and flags may be text, and a list of one a single value', async () => {
  const properties = {
    ...python('def handler(e, c): return 1'),
    MemorySize: '256',
    ReservedConcurrentExecutions: '5',
    VpcConfig: { SubnetIds: 'subnet-1', SecurityGroupIds: ['sg-1'] },
  };
  const request = requestOf('Typed', properties);
  const { physicalId } = await typeOf('Function').create(request);
  const shown = await client().call('GetFunction', { FunctionName: physicalId }, SCOPE);
  const { MemorySize, VpcConfig } = shown.Configuration!;
  assert.deepEqual([MemorySize, shown.Concurrency?.ReservedConcurrentExecutions], [256, 5]);
  assert.deepEqual([VpcConfig!.SubnetIds, VpcConfig!.SecurityGroupIds], [['subnet-1'], ['sg-1']]);

  const Cors = { AllowOrigins: 'http://a.test', AllowCredentials: 'true', MaxAge: '5' };
  const urlRequest = requestOf('TypedUrl', { TargetFunctionArn: physicalId, AuthType: 'NONE', Cors });
  const url = await typeOf('Url').create(urlRequest);
  const config = await client().call('GetFunctionUrlConfig', { FunctionName: physicalId }, SCOPE);
  assert.deepEqual(config.Cors, { AllowOrigins: ['http://a.test'], AllowCredentials: true, MaxAge: 5 });
  await typeOf('Url').delete({ ...urlRequest, physicalId: url.physicalId });
  await typeOf('Function').delete({ ...request, physicalId });
});

const ALIAS = { FunctionName: 'a', Name: 'b', FunctionVersion: '1' };
const ACCESS_POINT = 'arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0';
const SIGNING = 'arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0';

const refusals: [string, string, Properties, RegExp][] = [
  ['text for an object', 'Function', { Environment: '{"Variables":{}}' }, /Environment must be an object/],
  ['a number that is none', 'Function', { Timeout: 'long' }, /Timeout must be a number/],
  ['an object for text', 'Function', { Role: { a: 'b' } }, /Role must be of type String/],
  [
    'file systems',
    'Function',
    { FileSystemConfigs: [{ Arn: ACCESS_POINT, LocalMountPath: '/mnt/a' }] },
    /does not mount file systems/,
  ],
  ['signed code', 'Function', { CodeSigningConfigArn: SIGNING }, /does not check code signatures/],
  ['a flag that is none', 'Permission', { InvokedViaFunctionUrl: 'yes' }, /must be of type Boolean/],
  [
    'weights that are no list',
    'Alias',
    { ...ALIAS, RoutingConfig: { AdditionalVersionWeights: 1 } },
    /list of objects/,
  ],
  ['what is required', 'Alias', {}, /required key \[FunctionName\] not found/],
];
for (const [what, type, properties, message] of refusals) {
  it(`is refused: ${what}`, async () => {
    const base = type === 'Function' ? python('') : {};
    await assert.rejects(typeOf(type).create(requestOf('Refused', { ...base, ...properties })), { message });
  });
}
