// What a template names and only the execution finds missing: exports, parameters of Parameter Store. The event says
// what, and where in the template. What is refused before that is in cloudformation-failures.test.ts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { eventually } from '../support/replication-groups.ts';

let millpond: TestMillpond;
let client: CloudFormationClient;

before(async () => {
  millpond = await startTestMillpond();
  client = new CloudFormationClient({
    endpoint: millpond.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
after(async () => {
  client.destroy();
  await millpond.stop();
});

const MISSING: [name: string, value: string, reason: string][] = [
  ['export', '!ImportValue nowhere', 'No export named nowhere found. (line 2, column 3)'],
  [
    'parameter',
    "'{{resolve:ssm:/no/where}}'",
    'Parameters: [ssm:/no/where] cannot be found. (line 2, column 3)',
  ],
];

for (const [name, value, reason] of MISSING) {
  test(`a missing ${name} is named with its place`, async () => {
    const template = `Resources:
  P: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: ${value}}}`;
    await client.send(new CreateStackCommand({ StackName: name, TemplateBody: template }));
    await eventually('rolled back', async () => {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
      return Stacks![0]!.StackStatus === 'ROLLBACK_COMPLETE';
    });
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: name }));
    const failed = StackEvents!.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    assert.equal(failed?.ResourceStatusReason, reason);
  });
}
