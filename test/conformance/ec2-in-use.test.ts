// What cache nodes use cannot be deleted, as on AWS, where they have network interfaces.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import { refuses } from '../support/ec2.ts';
import { startEngineless } from '../support/engineless.ts';

async function open(test: TestContext) {
  const { server } = await startEngineless(test);
  const options = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients = { ec2: new EC2(options), cache: new ElastiCache(options) };
  test.after(() => {
    clients.ec2.destroy();
    clients.cache.destroy();
  });
  return clients;
}

it('a subnet and a security group that a cache uses stay', async (test) => {
  const { ec2, cache } = await open(test);
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
