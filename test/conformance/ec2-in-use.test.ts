// The network interfaces of cache nodes and functions: how EC2 shows them, and what cannot be deleted because of them.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { EC2, paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import { ElastiCache, waitUntilCacheClusterDeleted } from '@aws-sdk/client-elasticache';
import { Lambda } from '@aws-sdk/client-lambda';
import { zip } from '../../src/kernel/zip.ts';
import { refuses } from '../support/ec2.ts';
import { startEngineless } from '../support/engineless.ts';
import { AWS_CLI, awsEnvironment, PYTHON, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

async function open(test: TestContext) {
  const { server } = await startEngineless(test);
  const options = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients = { ec2: new EC2(options), cache: new ElastiCache(options), lambda: new Lambda(options) };
  test.after(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  return { ...clients, url: server.url };
}

/** A VPC with two subnets and a group, and a cache in the first subnet. */
async function withCache(test: TestContext) {
  const clients = await open(test);
  const { ec2, cache } = clients;
  const VpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
  const newSubnet = async (CidrBlock: string, AvailabilityZone: string) =>
    (await ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone })).Subnet!.SubnetId!;
  const used = await newSubnet('10.0.1.0/24', 'us-east-1a');
  const idle = await newSubnet('10.0.2.0/24', 'us-east-1b');
  const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: 'cache', Description: 'cache' });
  await cache.createCacheSubnetGroup({
    CacheSubnetGroupName: 'mine',
    CacheSubnetGroupDescription: 'mine',
    SubnetIds: [used, idle],
  });
  await cache.createCacheCluster({
    CacheClusterId: 'one',
    Engine: 'redis',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheNodes: 1,
    CacheSubnetGroupName: 'mine',
    PreferredAvailabilityZone: 'us-east-1a',
    SecurityGroupIds: [GroupId!],
  });
  return { ...clients, VpcId, used, idle, GroupId: GroupId! };
}

it('a subnet and a security group that a cache uses stay', async (test) => {
  const { ec2, VpcId, used, idle, GroupId } = await withCache(test);
  await refuses(
    ec2.deleteVpc({ VpcId }),
    'DependencyViolation',
    `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
  );
  await refuses(
    ec2.deleteSubnet({ SubnetId: used }),
    'DependencyViolation',
    `The subnet '${used}' has dependencies and cannot be deleted.`,
  );
  await refuses(
    ec2.deleteSecurityGroup({ GroupId }),
    'DependencyViolation',
    `resource ${GroupId} has a dependent object`,
  );
  await ec2.deleteSubnet({ SubnetId: idle });
  const { GroupId: unused } = await ec2.createSecurityGroup({
    VpcId,
    GroupName: 'free',
    Description: 'free',
  });
  assert.equal((await ec2.deleteSecurityGroup({ GroupId: unused })).Return, true);
});

it('the interface of a cache node is shown, and is neither detached, deleted nor changed', async (test) => {
  const { ec2, cache, VpcId, used, idle, GroupId } = await withCache(test);
  const { NetworkInterfaces = [] } = await ec2.describeNetworkInterfaces({
    Filters: [{ Name: 'description', Values: ['ElastiCache one'] }],
  });
  assert.equal(NetworkInterfaces.length, 1);
  const { NetworkInterfaceId, Attachment, PrivateIpAddress, ...shown } = NetworkInterfaces[0]!;
  const { AttachTime, AttachmentId, ...attachment } = Attachment!;
  assert.match(NetworkInterfaceId!, /^eni-[0-9a-f]{17}$/);
  assert.match(AttachmentId!, /^eni-attach-[0-9a-f]{17}$/);
  assert.ok(AttachTime instanceof Date);
  assert.deepEqual(attachment, {
    DeleteOnTermination: false,
    DeviceIndex: 1,
    InstanceOwnerId: 'amazon-elasticache',
    Status: 'attached',
  });
  assert.deepEqual(
    [shown.InterfaceType, shown.RequesterId, shown.RequesterManaged, shown.Status, shown.AvailabilityZone],
    ['interface', 'amazon-elasticache', true, 'in-use', 'us-east-1a'],
  );
  assert.deepEqual([shown.VpcId, shown.SubnetId], [VpcId, used]);
  assert.deepEqual(shown.Groups, [{ GroupId, GroupName: 'cache' }]);

  const found = async (Name: string, value: string) =>
    (await ec2.describeNetworkInterfaces({ Filters: [{ Name, Values: [value] }] })).NetworkInterfaces!.map(
      (one) => one.NetworkInterfaceId,
    );
  for (const [name, value] of [
    ['group-id', GroupId],
    ['subnet-id', used],
    ['vpc-id', VpcId],
    ['network-interface-id', NetworkInterfaceId!],
    ['private-ip-address', PrivateIpAddress!],
    ['requester-id', 'amazon-elasticache'],
    ['requester-managed', 'true'],
    ['attachment.attachment-id', AttachmentId!],
    ['attachment.instance-owner-id', 'amazon-elasticache'],
  ] as const) {
    assert.deepEqual(await found(name, value), [NetworkInterfaceId], name);
  }
  assert.deepEqual(await found('subnet-id', idle), []);
  const { Subnets } = await ec2.describeSubnets({ SubnetIds: [used, idle] });
  assert.deepEqual(
    Subnets!.map((subnet) => subnet.AvailableIpAddressCount),
    [250, 251],
  );

  await refuses(
    ec2.deleteNetworkInterface({ NetworkInterfaceId }),
    'InvalidParameterValue',
    `Network interface '${NetworkInterfaceId}' is currently in use.`,
  );
  await refuses(
    ec2.detachNetworkInterface({ AttachmentId, Force: true }),
    'AuthFailure',
    'You do not have permission to access the specified resource.',
  );
  await refuses(
    ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Groups: [GroupId] }),
    'OperationNotPermitted',
  );
  await ec2.createTags({ Resources: [NetworkInterfaceId!], Tags: [{ Key: 'team', Value: 'blue' }] });
  assert.deepEqual(await found('tag:team', 'blue'), [NetworkInterfaceId]);

  await cache.deleteCacheCluster({ CacheClusterId: 'one' });
  await waitUntilCacheClusterDeleted({ client: cache, maxWaitTime: 30 }, { CacheClusterId: 'one' });
  assert.deepEqual(await found('vpc-id', VpcId), []);
  await refuses(ec2.deleteNetworkInterface({ NetworkInterfaceId }), 'InvalidNetworkInterfaceID.NotFound');
  await refuses(ec2.detachNetworkInterface({ AttachmentId }), 'InvalidAttachmentID.NotFound');
  await ec2.deleteSecurityGroup({ GroupId });
});

it('a function keeps its subnets and groups until it is deleted', async (test) => {
  const { ec2, lambda } = await open(test);
  const VpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
  const SubnetId = (await ec2.createSubnet({ VpcId, CidrBlock: '10.0.1.0/24' })).Subnet!.SubnetId!;
  const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: 'app', Description: 'app' });
  for (const FunctionName of ['first', 'second']) {
    await lambda.createFunction({
      ...{ FunctionName, Runtime: 'nodejs22.x', Handler: 'index.handler' },
      Role: 'arn:aws:iam::000000000000:role/test',
      Code: { ZipFile: zip({ 'index.mjs': 'export const handler = () => 1;' }) },
      VpcConfig: { SubnetIds: [SubnetId], SecurityGroupIds: [GroupId!] },
    });
  }
  const interfaces = async () =>
    (await ec2.describeNetworkInterfaces({ Filters: [{ Name: 'interface-type', Values: ['lambda'] }] }))
      .NetworkInterfaces!;
  const [shown, ...more] = await interfaces();
  assert.deepEqual(more, [], 'functions with the same subnet and groups share one');
  assert.match(shown!.Description!, /^AWS Lambda VPC ENI-first-[0-9a-f]{8}-[0-9a-f-]{27}$/);
  assert.match(shown!.PrivateIpAddress!, /^10\.0\.1\.\d+$/);
  assert.equal(shown!.RequesterManaged, false);
  assert.equal(shown!.Attachment!.InstanceOwnerId, 'amazon-aws');
  assert.deepEqual(shown!.Groups, [{ GroupId, GroupName: 'app' }]);
  const { AttachmentId } = shown!.Attachment!;
  await refuses(
    ec2.detachNetworkInterface({ AttachmentId }),
    'OperationNotPermitted',
    "You are not allowed to manage 'ela-attach' attachments.",
  );
  await lambda.deleteFunction({ FunctionName: 'first' });
  await refuses(ec2.deleteSubnet({ SubnetId }), 'DependencyViolation');
  await refuses(ec2.deleteSecurityGroup({ GroupId }), 'DependencyViolation');
  await lambda.deleteFunction({ FunctionName: 'second' });
  assert.deepEqual(await interfaces(), []);
  await ec2.deleteSecurityGroup({ GroupId });
  await ec2.deleteSubnet({ SubnetId });
  await ec2.deleteVpc({ VpcId });
});

it('the first interface of an instance is not detached', async (test) => {
  const { ec2 } = await open(test);
  const { Instances } = await ec2.runInstances({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 });
  const { NetworkInterfaceId, Attachment } = Instances![0]!.NetworkInterfaces![0]!;
  await refuses(
    ec2.detachNetworkInterface({ AttachmentId: Attachment!.AttachmentId }),
    'OperationNotPermitted',
    'The network interface at device index 0 and networkCard index 0 cannot be detached.',
  );
  await refuses(ec2.deleteNetworkInterface({ NetworkInterfaceId }), 'InvalidParameterValue');
});

it('the interfaces of all owners are listed page by page, each once', async (test) => {
  const { ec2, cache } = await withCache(test);
  await cache.createReplicationGroup({
    ReplicationGroupId: 'shop',
    ReplicationGroupDescription: 'shop',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheClusters: 6,
  });
  await ec2.runInstances({ ImageId: 'ami-12345678', MinCount: 4, MaxCount: 4 });
  const seen: string[] = [];
  for await (const page of paginateDescribeNetworkInterfaces({ client: ec2, pageSize: 5 }, {})) {
    assert.ok(page.NetworkInterfaces!.length <= 5);
    seen.push(...page.NetworkInterfaces!.map((one) => one.NetworkInterfaceId!));
  }
  assert.equal(seen.length, 11);
  assert.equal(new Set(seen).size, 11);
});

describe('through other clients', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  it('the AWS CLI filters and refuses', async (test) => {
    const { url, used } = await withCache(test);
    const aws = (...args: string[]) =>
      run(AWS_CLI, ['--endpoint-url', url, 'ec2', '--output', 'text', ...args], awsEnvironment(url));
    const shown = await aws(
      'describe-network-interfaces',
      ...['--filters', `Name=subnet-id,Values=${used}`, 'Name=requester-id,Values=amazon-*'],
      ...['--query', 'NetworkInterfaces[].[NetworkInterfaceId,Description,Attachment.AttachmentId]'],
    );
    const [id, description, attachment] = shown.stdout.trim().split('\t');
    assert.equal(description, 'ElastiCache one', shown.stderr);
    const deleted = await aws('delete-network-interface', '--network-interface-id', id!);
    assert.match(deleted.stderr, /InvalidParameterValue.*DeleteNetworkInterface.*is currently in use/);
    const detached = await aws('detach-network-interface', '--attachment-id', attachment!);
    assert.match(detached.stderr, /AuthFailure.*DetachNetworkInterface/);
  });

  it('boto3 pages through them', async (test) => {
    const { url } = await withCache(test);
    const { code, stdout, stderr } = await run(PYTHON, ['-c', BOTO3, url], awsEnvironment(url));
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), [
      ['ElastiCache one', 'amazon-elasticache', true, 'DependencyViolation'],
    ]);
  });
});

const BOTO3 = `
import json, sys, boto3
from botocore.exceptions import ClientError
ec2 = boto3.client("ec2", endpoint_url=sys.argv[1])
seen = []
for page in ec2.get_paginator("describe_network_interfaces").paginate(PaginationConfig={"PageSize": 5}):
    for one in page["NetworkInterfaces"]:
        try:
            ec2.delete_security_group(GroupId=one["Groups"][0]["GroupId"])
            code = None
        except ClientError as raised:
            code = raised.response["Error"]["Code"]
        seen.append([one["Description"], one["RequesterId"], one["RequesterManaged"], code])
print(json.dumps(seen))
`;
