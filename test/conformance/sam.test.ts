// A serverless application as `aws cloudformation package` leaves it, deployed by a change set as `sam deploy` does,
// called by its URL, changed, deleted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zip } from '../../src/kernel/zip.ts';
import { startEngineless } from '../support/engineless.ts';
import { Toolkit } from './cdk/toolkit.ts';

const ACCOUNT = '123456789012';

const packed = (code: string, library: string) => `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: nodejs22.x, Timeout: 5, Environment: {Variables: {STAGE: dev}}}
Resources:
  Library:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: 's3://artifacts/${library}', CompatibleRuntimes: [nodejs22.x], RetentionPolicy: Delete}
  Api:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://artifacts/${code}
      Handler: app.handler
      Layers: [!Ref Library]
      AutoPublishAlias: live
      FunctionUrlConfig: {AuthType: NONE}
      Policies: [AWSLambdaBasicExecutionRole, S3ReadPolicy: {BucketName: some}]
  Inline:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: 'exports.handler = async () => 1;', Handler: index.handler}
Outputs:
  Url: {Value: !GetAtt ApiUrl.FunctionUrl}
  Version: {Value: !Ref Api.Version}
`;

test('a serverless application, packed and deployed', async (test) => {
  const { server } = await startEngineless(test);
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', forcePathStyle: true, credentials });
  const tools = new Toolkit(server.url, ACCOUNT);
  const upload = async (Key: string, files: Record<string, string>): Promise<string> => {
    await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key, Body: zip(files) }));
    return Key;
  };
  const deploy = async (TemplateBody: string): Promise<Record<string, string>> => {
    const stack = await tools.deploy({ stackName: 'sam', template: { TemplateBody } });
    assert.ok(stack !== 'no changes');
    assert.match(stack.StackStatus!, /^(CREATE|UPDATE)_COMPLETE$/);
    return Object.fromEntries(stack.Outputs!.map((one) => [one.OutputKey!, one.OutputValue!]));
  };
  const answerOf = async ({ Url }: Record<string, string>) => (await fetch(Url!)).text();

  const code = "exports.handler = async () => require('greet') + process.env.STAGE;";
  const greet = (text: string) => ({ 'nodejs/node_modules/greet/index.js': `module.exports = '${text} ';` });
  await s3.send(new CreateBucketCommand({ Bucket: 'artifacts' }));
  const [one, hello] = [await upload('1.zip', { 'app.js': code }), await upload('2.zip', greet('hello'))];
  const first = await deploy(packed(one, hello));
  assert.equal(await answerOf(first), 'hello dev');
  assert.match(first.Version!, /:1$/);

  const two = await upload('3.zip', { 'app.js': `${code} // again` });
  const second = await deploy(packed(two, await upload('4.zip', greet('good day'))));
  assert.equal(second.Url, first.Url);
  assert.equal(await answerOf(second), 'good day dev');
  assert.match(second.Version!, /:2$/);

  const table = '  T: {Type: AWS::Serverless::SimpleTable}\nOutputs:\n  Table: {Value: !Ref T}';
  const third = await deploy(packed(two, hello).replace('Outputs:', table));
  assert.match(third.Table!, /^sam-T-[A-Z0-9]+$/);
  await tools.start();
  assert.equal(await tools.destroy('sam'), 'DELETE_COMPLETE');
  await assert.rejects(fetch(first.Url!));
});
