// A stack of 2019: a function of go1.x whose program knows only RPC, with an SDK that asks AWS's own host names, and the
// table into which it puts an item. On loopback, and with a network interface of its own.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { zip } from '../../src/kernel/zip.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand, startCommand } from '../support/command.ts';
import { MillpondInSubnets } from '../support/functions-in-subnets.ts';
import { ORDINARY_USER } from '../support/network-namespace.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { GO_RPC_FUNCTION, WITHOUT_GO_RPC_FUNCTION } from '../support/outside-clients.ts';
import { eventually } from '../support/replication-groups.ts';

const TemplateBody = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Table:
    Type: AWS::Serverless::SimpleTable
    Properties: {TableName: items}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: put
      Runtime: go1.x
      Handler: main
      CodeUri: {Bucket: code, Key: put.zip}
      Timeout: 30
`;

type Settings = MillpondInSubnets['client'];

async function putsAnItem(t: TestContext, settings: Settings): Promise<void> {
  const [cloudformation, s3] = [new CloudFormation(settings), new S3({ ...settings, forcePathStyle: true })];
  const [lambda, dynamodb] = [new Lambda(settings), new DynamoDB(settings)];
  t.after(() => [cloudformation, s3, lambda, dynamodb].forEach((client) => void client.destroy()));
  await s3.createBucket({ Bucket: 'code' });
  const program = { contents: readFileSync(GO_RPC_FUNCTION), isExecutable: true };
  await s3.putObject({ Bucket: 'code', Key: 'put.zip', Body: zip({ main: program }) });
  await cloudformation.createStack({
    ...{ StackName: 'of-2019', TemplateBody },
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'],
  });
  const stack = await eventually('the stack is there', async () => {
    const { Stacks } = await cloudformation.describeStacks({ StackName: 'of-2019' });
    return !Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS') && Stacks![0]!;
  });
  assert.equal(stack.StackStatus, 'CREATE_COMPLETE', stack.StackStatusReason);
  const answer = await lambda.invoke({
    FunctionName: 'put',
    Payload: JSON.stringify({ do: 'put', table: 'items', id: 'one' }),
  });
  const payload = Buffer.from(answer.Payload!).toString();
  assert.deepEqual([answer.FunctionError, payload], [undefined, '"one"']);
  const { Item } = await dynamodb.getItem({ TableName: 'items', Key: { id: { S: 'one' } } });
  assert.deepEqual(Item, { id: { S: 'one' } });
}

test('a function of go1.x puts an item into a table', { skip: WITHOUT_GO_RPC_FUNCTION }, async (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-go1-'));
  const dataDir = join(parent, 'data');
  const running = startCommand(MILLPOND, ['up', '--data-dir', dataDir, '--port', '0']);
  t.after(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
    rmSync(parent, { recursive: true, force: true });
  });
  await running.prints(/Ctrl-C/);
  const told = await runCommand(MILLPOND, ['status', '--json', '--data-dir', dataDir]);
  const status = JSON.parse(told.stdout) as MillpondStatus;
  if (!status.https || !existsSync('/proc/self/ns/mnt')) {
    return t.skip(status.https ? 'needs namespaces' : 'needs port 443');
  }
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  await putsAnItem(t, { endpoint: status.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

const users: [string, number | undefined][] =
  process.getuid?.() === 0
    ? [
        ['root', undefined],
        ['an ordinary user', ORDINARY_USER],
      ]
    : [['this user', undefined]];

for (const [user, uid] of users) {
  test(`and so does one in a network of its own, by ${user}`, {
    skip: WITHOUT_GO_RPC_FUNCTION || WITHOUT_SUBNETS,
  }, async (t) => {
    const millpond = await MillpondInSubnets.start(t, uid);
    await putsAnItem(t, millpond.client);
  });
}
