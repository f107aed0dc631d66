// CloudFormation through the SDK with its waiters, and through `aws cloudformation deploy`.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type StackStatus,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { fixture } from '../../src/services/cloudformation/testing.fixture.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';
import { serve } from '../support/wire.ts';

const TEMPLATE = `
Description: Two things
Parameters:
  Size: {Type: Number, Default: 1}
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Size}
  Second:
    Type: AWS::KMS::Key
    Properties: {Description: !Sub "of \${First}"}
Outputs:
  Second: {Value: !GetAtt Second.Arn}
`;

async function start(test: TestContext) {
  const f = await fixture(test);
  const server = await serve(test, { services: [f.cloudformation.service] });
  const credentials = { accessKeyId: '123456789012', secretAccessKey: 'test' };
  const client = new CloudFormationClient({ endpoint: server.url, region: 'us-east-1', credentials });
  test.after(() => client.destroy());
  return { client, url: server.url, f };
}

test('a stack through the SDK and its waiters', async (test) => {
  const { client } = await start(test);
  const { StackId } = await client.send(new CreateStackCommand({ StackName: 'two', TemplateBody: TEMPLATE }));
  const waiting = { client, maxWaitTime: 120, minDelay: 1, maxDelay: 1 };
  await waitUntilStackCreateComplete(waiting, { StackName: 'two' });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'two' }));
  assert.equal(Stacks?.[0]?.StackId, StackId);
  assert.match(Stacks?.[0]?.Outputs?.[0]?.OutputValue ?? '', /^arn:aws:kms:us-east-1:123456789012:key\//);
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'two' }));
  assert.equal(StackEvents?.at(-1)?.ResourceStatusReason, 'User Initiated');
  const { StackResourceSummaries } = await client.send(new ListStackResourcesCommand({ StackName: 'two' }));
  assert.deepEqual(
    StackResourceSummaries?.map((resource) => [resource.LogicalResourceId, resource.ResourceStatus]),
    [
      ['First', 'CREATE_COMPLETE'],
      ['Second', 'CREATE_COMPLETE'],
    ],
  );
  await client.send(new DeleteStackCommand({ StackName: 'two' }));
  await waitUntilStackDeleteComplete(waiting, { StackName: StackId });
  await assert.rejects(client.send(new DescribeStacksCommand({ StackName: 'two' })), {
    name: 'ValidationError',
    message: 'Stack with id two does not exist',
  });
  const inStatus = async (...StackStatusFilter: StackStatus[]) =>
    (await client.send(new ListStacksCommand({ StackStatusFilter }))).StackSummaries!.map(
      (one) => one.StackId,
    );
  assert.deepEqual(await inStatus('DELETE_COMPLETE'), [StackId]);
  assert.deepEqual(await inStatus('CREATE_COMPLETE', 'UPDATE_COMPLETE'), []);
});

test('aws cloudformation deploy, twice, and with a change', {
  skip: WITHOUT_PYTHON_CLIENTS,
}, async (test) => {
  const { url } = await start(test);
  const directory = mkdtempSync(join(tmpdir(), 'millpond-cloudformation-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'template.yaml');
  writeFileSync(file, TEMPLATE);
  const aws = async (...argv: string[]) => {
    const words = ['--endpoint-url', url, 'cloudformation', ...argv];
    const { code, stdout, stderr } = await run(AWS_CLI, words, awsEnvironment(url));
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const deploy = ['deploy', '--stack-name', 'two', '--template-file', file];
  assert.match(await aws(...deploy), /Successfully created\/updated stack - two/);
  assert.match(
    await aws(...deploy, '--no-fail-on-empty-changeset'),
    /No changes to deploy. Stack two is up to date/,
  );
  assert.match(await aws(...deploy, '--parameter-overrides', 'Size=2'), /Successfully created\/updated/);
  const shown = await aws(
    'describe-stacks',
    '--query',
    'Stacks[0].[StackStatus,Parameters[0].ParameterValue]',
  );
  assert.deepEqual(JSON.parse(shown), ['UPDATE_COMPLETE', '2']);
});
