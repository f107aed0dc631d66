// Resources of a stack bear the names of their stack on AWS, in whatever service they are: read back through each
// service's own API. A template that gives such a tag by itself is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { Route53 } from '@aws-sdk/client-route-53';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SSM } from '@aws-sdk/client-ssm';
import { until } from '../faults/wait.ts';
import { startEngineless } from '../support/engineless.ts';

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const RESOURCES = {
  Bucket: { Type: 'AWS::S3::Bucket' },
  Topic: { Type: 'AWS::SNS::Topic' },
  Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' } },
  LogGroup: { Type: 'AWS::Logs::LogGroup' },
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST } },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { ZipFile: 'exports.handler = async () => 1;' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    },
  },
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.8.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.8.1.0/24' },
  },
  Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'tags.example.' } },
  Subnets: {
    Type: 'AWS::ElastiCache::SubnetGroup',
    Properties: { Description: 'd', SubnetIds: [{ Ref: 'Subnet' }] },
  },
  Parameters: {
    Type: 'AWS::ElastiCache::ParameterGroup',
    Properties: { Description: 'd', CacheParameterGroupFamily: 'redis7' },
  },
  Group: {
    Type: 'AWS::ElastiCache::ReplicationGroup',
    Properties: {
      ReplicationGroupDescription: 'd',
      CacheNodeType: 'cache.t4g.micro',
      Engine: 'redis',
      NumCacheClusters: 2,
    },
  },
};

test('resources bear the tags of their stack', async (test) => {
  const { server } = await startEngineless(test);
  const credentials = { accessKeyId: '123456789012', secretAccessKey: 'test' };
  const options = { endpoint: server.url, region: 'us-east-1', credentials };
  const cloudformation = new CloudFormation(options);
  const statusOf = async () =>
    (await cloudformation.describeStacks({ StackName: 's' })).Stacks![0]!.StackStatus!;
  const settled = () =>
    until('the stack is settled', 60_000, async () => !(await statusOf()).endsWith('_IN_PROGRESS'));
  const Capabilities = ['CAPABILITY_IAM' as const];
  const template = { Resources: RESOURCES };
  const { StackId } = await cloudformation.createStack({
    StackName: 's',
    TemplateBody: JSON.stringify(template),
    Capabilities,
  });
  await settled();
  const reasons = async () =>
    (await cloudformation.describeStackEvents({ StackName: 's' })).StackEvents!.flatMap(
      ({ ResourceStatus, ResourceStatusReason }) =>
        ResourceStatus?.endsWith('_FAILED') ? (ResourceStatusReason ?? []) : [],
    );
  assert.deepEqual(await reasons(), []);
  const { StackResources } = await cloudformation.describeStackResources({ StackName: 's' });
  const ids = new Map(StackResources!.map((one) => [one.LogicalResourceId!, one.PhysicalResourceId!]));
  const id = (logicalId: string) => ids.get(logicalId)!;

  const elasticache = new ElastiCache(options);
  const [s3, sns, ssm] = [new S3({ ...options, forcePathStyle: true }), new SNS(options), new SSM(options)];
  const [logs, iam, lambda] = [new CloudWatchLogs(options), new IAM(options), new Lambda(options)];
  const [ec2, route53] = [new EC2(options), new Route53(options)];
  const arnOf = (kind: string, logicalId: string) =>
    `arn:aws:elasticache:us-east-1:123456789012:${kind}:${id(logicalId)}`;
  const ofCache = async (kind: string, logicalId: string) =>
    (await elasticache.listTagsForResource({ ResourceName: arnOf(kind, logicalId) })).TagList;
  const ofNetwork = async (logicalId: string) =>
    (await ec2.describeTags({ Filters: [{ Name: 'resource-id', Values: [id(logicalId)] }] })).Tags;
  const pairs = (tags: Record<string, string> | undefined) =>
    Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

  type Held = { Key?: string | undefined; Value?: string | undefined }[] | undefined;
  const read: Record<string, () => Promise<Held>> = {
    Bucket: async () => (await s3.getBucketTagging({ Bucket: id('Bucket') })).TagSet,
    Topic: async () => (await sns.listTagsForResource({ ResourceArn: id('Topic') })).Tags,
    Parameter: async () =>
      (await ssm.listTagsForResource({ ResourceType: 'Parameter', ResourceId: id('Parameter') })).TagList,
    LogGroup: async () => {
      const resourceArn = `arn:aws:logs:us-east-1:123456789012:log-group:${id('LogGroup')}`;
      return pairs((await logs.listTagsForResource({ resourceArn })).tags);
    },
    Role: async () => (await iam.listRoleTags({ RoleName: id('Role') })).Tags,
    Function: async () => {
      const found = await lambda.getFunction({ FunctionName: id('Function') });
      return pairs(found.Tags);
    },
    Vpc: () => ofNetwork('Vpc'),
    Subnet: () => ofNetwork('Subnet'),
    Zone: async () => {
      const zone = { ResourceType: 'hostedzone' as const, ResourceId: id('Zone') };
      return (await route53.listTagsForResource(zone)).ResourceTagSet?.Tags;
    },
    Subnets: () => ofCache('subnetgroup', 'Subnets'),
    Parameters: () => ofCache('parametergroup', 'Parameters'),
    Group: () => ofCache('replicationgroup', 'Group'),
  };
  const tagsNow = async (logicalId: string) => {
    const held = (await read[logicalId]!()) ?? [];
    return Object.fromEntries(held.map(({ Key, Value }) => [Key, Value]));
  };
  const own = (logicalId: string) => ({
    'aws:cloudformation:stack-name': 's',
    'aws:cloudformation:stack-id': StackId,
    'aws:cloudformation:logical-id': logicalId,
  });
  for (const logicalId of Object.keys(RESOURCES)) {
    assert.deepEqual(await tagsNow(logicalId), own(logicalId), logicalId);
  }

  const Tags = [{ Key: 'team', Value: 'a' }];
  const update = { StackName: 's', TemplateBody: JSON.stringify(template), Capabilities, Tags };
  await cloudformation.updateStack(update);
  await settled();
  assert.equal(await statusOf(), 'UPDATE_COMPLETE');
  for (const logicalId of Object.keys(RESOURCES)) {
    assert.deepEqual(await tagsNow(logicalId), { ...own(logicalId), team: 'a' }, logicalId);
  }

  const Bad = {
    Type: 'AWS::SNS::Topic',
    Properties: { Tags: [{ Key: 'aws:mine', Value: 'x' }] },
  };
  const bad = JSON.stringify({ Resources: { ...RESOURCES, Bad } });
  await cloudformation.updateStack({ ...update, TemplateBody: bad });
  await settled();
  assert.equal(await statusOf(), 'UPDATE_ROLLBACK_COMPLETE');
  const { StackEvents } = await cloudformation.describeStackEvents({ StackName: 's' });
  const why = StackEvents!.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  assert.match(why!.ResourceStatusReason!, /^aws: prefixed tag key names are not allowed for external use\./);
  await cloudformation.deleteStack({ StackName: 's' });
  await until('the stack is gone', 60_000, async () => {
    const { Stacks } = await cloudformation.describeStacks({ StackName: StackId });
    return Stacks![0]!.StackStatus === 'DELETE_COMPLETE';
  });
});
