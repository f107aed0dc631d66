// Templates that cannot become stacks, through the SDK and over everything that is real: each is refused or taken
// back with its reason and its place, and nothing is left behind.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Parameter,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeReplicationGroupsCommand } from '@aws-sdk/client-elasticache';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { describeGroup, eventually } from '../support/replication-groups.ts';

let millpond: TestMillpond;
let client: CloudFormationClient;
let s3: S3Client;
let ssm: SSMClient;
let lambda: LambdaClient;

before(async () => {
  millpond = await startTestMillpond();
  const settings = {
    endpoint: millpond.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  client = new CloudFormationClient(settings);
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  ssm = new SSMClient(settings);
  lambda = new LambdaClient(settings);
});
after(async () => {
  for (const one of [client, s3, ssm, lambda]) one.destroy();
  await millpond.stop();
});

const stackNamed = async (StackName: string): Promise<Stack> => {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  return Stacks![0]!;
};
const settled = (name: string): Promise<Stack> =>
  eventually(`${name} is settled`, async () => {
    const stack = await stackNamed(name);
    return !stack.StackStatus!.endsWith('_IN_PROGRESS') && stack;
  });
async function create(StackName: string, TemplateBody: string, more: object = {}): Promise<Stack> {
  await client.send(
    new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'], ...more }),
  );
  return settled(StackName);
}
async function update(StackName: string, TemplateBody: string, Parameters: Parameter[] = []) {
  await client.send(new UpdateStackCommand({ StackName, TemplateBody, Parameters }));
  return settled(StackName);
}
/** By its id, which still tells of it when it is gone. */
async function remove(StackName: string): Promise<Stack> {
  const { StackId } = await stackNamed(StackName);
  await client.send(new DeleteStackCommand({ StackName }));
  return settled(StackId!);
}
/** Reasons of resources that failed, oldest first, as `LogicalId: reason`. */
async function failures(StackName: string): Promise<string[]> {
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents!
    .filter((event) => event.ResourceStatus!.endsWith('_FAILED') && event.LogicalResourceId !== StackName)
    .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`)
    .reverse();
}
async function nothingIsLeft(): Promise<void> {
  const { ReplicationGroups } = await millpond.elasticache.send(new DescribeReplicationGroupsCommand());
  const { Parameters } = await ssm.send(new DescribeParametersCommand());
  const { Functions } = await lambda.send(new ListFunctionsCommand());
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  assert.deepEqual([ReplicationGroups, Parameters, Functions, Buckets], [[], [], [], []]);
}

const REFUSED: [what: string, template: string, message: RegExp][] = [
  [
    'a cycle',
    `
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Second}
  Second:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !GetAtt First.Value}`,
    /^Circular dependency between resources: \[First, Second\] \(line 3, column 3\)$/,
  ],
  [
    'a reference to nobody',
    `
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: !Ref Secnd`,
    /^Template format error: Unresolved resource dependencies \[Secnd\] in the Resources block of the template \(line 7, column 19\)$/,
  ],
  [
    'an attribute that there is not',
    `
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: x}
Outputs:
  Arn:
    Value: !GetAtt First.Nonsense`,
    /does not support attribute type Nonsense in Fn::GetAtt \(line 8, column 20\)$/,
  ],
  [
    'a value of another type',
    `
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: x}
  Group:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      ReplicationGroupDescription: x
      NumCacheClusters: many`,
    /^Properties validation failed for resource Group with message: #\/NumCacheClusters: expected type: Integer, found: String \(line 10, column 25\)$/,
  ],
  [
    'a property that there is not',
    `
Resources:
  Group:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      ReplicationGroupDescription: x
      NumCachClusters: 2`,
    /extraneous key \[NumCachClusters\] is not permitted \(line 7, column 7\)$/,
  ],
  [
    'a type of resource that there is not',
    `
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: x}
  Group:
    Type: AWS::Elasticache::ReplicationGroup`,
    /Unrecognized resource types: \[AWS::Elasticache::ReplicationGroup\] \(line 6, column 3\)$/,
  ],
  [
    'a parameter without a value',
    `
Parameters:
  Size: {Type: Number}
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Size}`,
    /^Parameters: \[Size\] must have values \(line 3, column 3\)$/,
  ],
  [
    'what is no YAML',
    `
Resources:
  First:
    Type: AWS::SSM::Parameter
   Properties: {}`,
    /^Template format error: YAML not well-formed\. \(line 5, column 1\)$/,
  ],
];

describe('refused before anything is made, with the place', () => {
  for (const [what, TemplateBody, message] of REFUSED) {
    test(what, async () => {
      await assert.rejects(
        client.send(new CreateStackCommand({ StackName: 'bad', TemplateBody })),
        (error) => {
          assert.equal((error as Error).name, 'ValidationError');
          assert.match((error as Error).message, message);
          return true;
        },
      );
      await assert.rejects(stackNamed('bad'), /Stack with id bad does not exist/);
      await nothingIsLeft();
    });
  }
});

const CUSTOM = `
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
  Maker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          const response = require('cfn-response');
          exports.handler = (event, context) => {
            const fails = event.RequestType === event.ResourceProperties.FailsAt;
            response.send(event, context, fails ? 'FAILED' : 'SUCCESS', {}, 'made');
          };
  Made:
    Type: Custom::Made
    Properties:
      ServiceToken: !GetAtt Maker.Arn
      Bucket: !Ref Bucket
      FailsAt: FAILS_AT
`;

test('a custom resource that fails takes everything back, and says why and where', async () => {
  const failed = await create('custom', CUSTOM.replace('FAILS_AT', 'Create'));
  assert.equal(failed.StackStatus, 'ROLLBACK_COMPLETE');
  const [told] = await failures('custom');
  assert.match(told!, /^Made: Received response status \[FAILED\] from custom resource\. /);
  assert.match(told!, / \(line 24, column 3\)$/);
  await nothingIsLeft();
  // AWS: a stack that was rolled back can only be deleted.
  await assert.rejects(update('custom', CUSTOM), /is in ROLLBACK_COMPLETE state and can not be updated/);
  assert.equal((await remove('custom')).StackStatus, 'DELETE_COMPLETE');
  await assert.rejects(stackNamed('custom'), /does not exist/);
});

test('what cannot be deleted keeps its stack, which goes once it can', async () => {
  const template = `
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: full-bucket}
  Name:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Bucket}`;
  assert.equal((await create('full', template)).StackStatus, 'CREATE_COMPLETE');
  await s3.send(new PutObjectCommand({ Bucket: 'full-bucket', Key: 'thing', Body: 'x' }));
  const kept = await remove('full');
  assert.equal(kept.StackStatus, 'DELETE_FAILED');
  assert.match(kept.StackStatusReason!, /failed to delete: \[Bucket\]/);
  assert.match((await failures('full')).at(-1)!, /^Bucket: .*not empty/);
  await s3.send(new DeleteObjectCommand({ Bucket: 'full-bucket', Key: 'thing' }));
  assert.equal((await remove('full')).StackStatus, 'DELETE_COMPLETE');
  await nothingIsLeft();
});

const GROUP = (more: string, size = 2) => `
Resources:
  Group:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      ReplicationGroupId: fixed
      ReplicationGroupDescription: of a stack
      Engine: redis
      CacheNodeType: cache.t4g.micro
      AutomaticFailoverEnabled: true
      NumCacheClusters: ${size}
${more}`;

test('an update that fails takes a group back to what it was', async () => {
  assert.equal((await create('group', GROUP(''))).StackStatus, 'CREATE_COMPLETE');
  const bad = `
  Bad:
    Type: AWS::SSM::Parameter
    DependsOn: Group
    Properties: {Type: String, Name: 'not a name', Value: x}`;
  const failed = await update('group', GROUP(bad, 3));
  assert.equal(failed.StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
  assert.match((await failures('group'))[0]!, /^Bad: .+ \(line 13, column 3\)$/);
  const group = await describeGroup(millpond.elasticache, 'fixed');
  assert.deepEqual([group.Status, group.MemberClusters!.length], ['available', 2]);

  const replaced = await update('group', GROUP('      Port: 6380'));
  assert.equal(replaced.StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
  assert.equal(
    (await failures('group')).at(-1),
    'Group: CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename fixed and update the stack again.',
  );
  assert.deepEqual((await describeGroup(millpond.elasticache, 'fixed')).MemberClusters, [
    'fixed-001',
    'fixed-002',
  ]);
  assert.equal((await remove('group')).StackStatus, 'DELETE_COMPLETE');
  await nothingIsLeft();
});
