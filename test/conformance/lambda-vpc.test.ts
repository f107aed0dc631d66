// The subnets and security groups of functions must exist, in one VPC: with AWS's texts, and nothing is created or
// changed by a refused request.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import { Lambda, type VpcConfig } from '@aws-sdk/client-lambda';
import { zip } from '../../src/kernel/zip.ts';
import { startEngineless } from '../support/engineless.ts';

const COEXIST = 'SubnetIds and SecurityIds must coexist or be both empty list.';

test('a function is created and changed only with subnets and groups that exist, in one VPC', async (test) => {
  const { server } = await startEngineless(test);
  const credentials = { accessKeyId: '123456789012', secretAccessKey: 'test' };
  const options = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  const [ec2, lambda] = [new EC2(options), new Lambda(options)];
  const place = async (block: string) => {
    const VpcId = (await ec2.createVpc({ CidrBlock: `${block}.0.0/16` })).Vpc!.VpcId!;
    const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: `${block}.1.0/24` });
    const group = await ec2.createSecurityGroup({ VpcId, GroupName: 'app', Description: 'app' });
    return { VpcId, SubnetId: Subnet!.SubnetId!, GroupId: group.GroupId! };
  };
  const [here, there] = [await place('10.1'), await place('10.2')];
  const create = (FunctionName: string, VpcConfig: VpcConfig) =>
    lambda.createFunction({
      ...{ FunctionName, Runtime: 'nodejs22.x', Handler: 'index.handler', VpcConfig },
      Role: 'arn:aws:iam::000000000000:role/test',
      Code: { ZipFile: zip({ 'index.mjs': 'export const handler = () => 1;' }) },
    });
  const own = { SubnetIds: [here.SubnetId], SecurityGroupIds: [here.GroupId] };
  const made = await create('made', own);
  assert.deepEqual(made.VpcConfig, { ...own, VpcId: here.VpcId, Ipv6AllowedForDualStack: false });

  const cases: [given: VpcConfig, message: string][] = [
    [
      { ...own, SubnetIds: [here.SubnetId, 'subnet-0123456789abcdef0'] },
      "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID 'subnet-0123456789abcdef0' does not exist",
    ],
    [
      { ...own, SecurityGroupIds: ['sg-0123456789abcdef0'] },
      "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group 'sg-0123456789abcdef0' does not exist",
    ],
    [{ SubnetIds: [here.SubnetId] }, COEXIST],
    [{ SubnetIds: [], SecurityGroupIds: [here.GroupId] }, COEXIST],
    [
      { ...own, SecurityGroupIds: [here.GroupId, there.GroupId] },
      'Security Groups are required to be in the same VPC.',
    ],
    [{ ...own, SubnetIds: [here.SubnetId, there.SubnetId] }, 'Subnets are required to be in the same VPC.'],
  ];
  for (const [given, message] of cases) {
    const error = { name: 'InvalidParameterValueException', message };
    await assert.rejects(create('refused', given), error);
    const update = { FunctionName: 'made', VpcConfig: given, Timeout: 9 };
    await assert.rejects(lambda.updateFunctionConfiguration(update), error);
  }
  await assert.rejects(lambda.getFunction({ FunctionName: 'refused' }), {
    name: 'ResourceNotFoundException',
  });
  const kept = await lambda.getFunctionConfiguration({ FunctionName: 'made' });
  assert.deepEqual([kept.Timeout, kept.VpcConfig], [made.Timeout, made.VpcConfig]);

  const VpcConfig = { SubnetIds: [there.SubnetId], SecurityGroupIds: [there.GroupId] };
  const moved = await lambda.updateFunctionConfiguration({ FunctionName: 'made', VpcConfig });
  assert.equal(moved.VpcConfig?.VpcId, there.VpcId);
  const none = { SubnetIds: [], SecurityGroupIds: [] };
  const left = await lambda.updateFunctionConfiguration({ FunctionName: 'made', VpcConfig: none });
  assert.deepEqual(left.VpcConfig, { ...none, VpcId: '', Ipv6AllowedForDualStack: false });
  const never = await create('never', none);
  assert.equal(never.VpcConfig?.VpcId, '');
});
