import assert from 'node:assert/strict';
import { test } from 'node:test';
import { context, inMemory, someGroup } from '../../in-memory.fixture.ts';
import { subnetGroupNamed } from '../subnet-groups.ts';
import { CreateCacheSubnetGroup } from './create-cache-subnet-group.ts';
import { DeleteCacheSubnetGroup } from './delete-cache-subnet-group.ts';
import { DescribeCacheSubnetGroups } from './describe-cache-subnet-groups.ts';
import { ModifyCacheSubnetGroup } from './modify-cache-subnet-group.ts';

const request = (CacheSubnetGroupName: string, ...SubnetIds: string[]) => ({
  CacheSubnetGroupName,
  CacheSubnetGroupDescription: 'mine',
  SubnetIds,
});

const named = (CacheSubnetGroupName: string) => ({ CacheSubnetGroupName });

test('a created group is described beside the default group', async () => {
  const { run, elasticache } = inMemory();
  const created = await run(CreateCacheSubnetGroup, request('Mine', 'subnet-b', 'subnet-a'));
  assert.deepEqual(created.CacheSubnetGroup, {
    CacheSubnetGroupName: 'mine',
    CacheSubnetGroupDescription: 'mine',
    VpcId: 'vpc-default',
    Subnets: [
      {
        SubnetIdentifier: 'subnet-b',
        SubnetAvailabilityZone: { Name: 'us-east-1b' },
        SupportedNetworkTypes: ['ipv4'],
      },
      {
        SubnetIdentifier: 'subnet-a',
        SubnetAvailabilityZone: { Name: 'us-east-1a' },
        SupportedNetworkTypes: ['ipv4'],
      },
    ],
    ARN: 'arn:aws:elasticache:us-east-1:000000000000:subnetgroup:mine',
    SupportedNetworkTypes: ['ipv4'],
  });
  const { CacheSubnetGroups } = await run(DescribeCacheSubnetGroups, {});
  assert.deepEqual(
    CacheSubnetGroups?.map((group) => [group.CacheSubnetGroupName, group.Subnets?.length]),
    [
      ['default', 2],
      ['mine', 2],
    ],
  );
  assert.equal((await subnetGroupNamed(elasticache, context, 'MINE')).subnets[0]?.cidr, '172.31.16.0/20');
  assert.equal((await subnetGroupNamed(elasticache, context, 'default')).vpcId, 'vpc-default');
  await assert.rejects(run(DescribeCacheSubnetGroups, named('none')), {
    shape: 'CacheSubnetGroupNotFoundFault',
  });
});

test('unknown subnets, subnets of several VPCs, none and too many are refused', async () => {
  const { run } = inMemory();
  await assert.rejects(run(CreateCacheSubnetGroup, request('mine', 'subnet-a', 'subnet-x')), {
    shape: 'InvalidParameterValueException',
    message: 'Some input subnets in :[subnet-a, subnet-x] are invalid.',
  });
  await assert.rejects(run(CreateCacheSubnetGroup, request('mine', 'subnet-a', 'subnet-other')), {
    shape: 'InvalidSubnet',
    message: 'Subnets subnet-a and subnet-other are not in the same VPC.',
  });
  await assert.rejects(run(CreateCacheSubnetGroup, request('mine')), {
    shape: 'InvalidParameterValueException',
    message: 'The parameter SubnetIds must be provided.',
  });
  const many = Array.from({ length: 21 }, (_item, index) => `subnet-${index}`);
  await assert.rejects(run(CreateCacheSubnetGroup, request('mine', ...many)), {
    shape: 'CacheSubnetQuotaExceededFault',
  });
});

test('taken and invalid names are refused', async () => {
  const { run } = inMemory();
  await run(CreateCacheSubnetGroup, request('mine', 'subnet-a'));
  for (const name of ['mine', 'MINE', 'default']) {
    await assert.rejects(run(CreateCacheSubnetGroup, request(name, 'subnet-a')), {
      shape: 'CacheSubnetGroupAlreadyExistsFault',
      message: `Cache subnet group ${name.toLowerCase()} already exists.`,
    });
  }
  await assert.rejects(run(CreateCacheSubnetGroup, request('a b', 'subnet-a')), {
    shape: 'InvalidParameterValueException',
  });
});

test('a modification must keep the VPC, and the subnets that have nodes', async () => {
  const { run, elasticache } = inMemory();
  await run(CreateCacheSubnetGroup, request('mine', 'subnet-a'));
  const modified = await run(ModifyCacheSubnetGroup, {
    ...request('mine', 'subnet-a', 'subnet-b'),
    CacheSubnetGroupDescription: 'new',
  });
  assert.equal(modified.CacheSubnetGroup?.CacheSubnetGroupDescription, 'new');
  assert.equal(modified.CacheSubnetGroup?.Subnets?.length, 2);
  await assert.rejects(run(ModifyCacheSubnetGroup, request('mine', 'subnet-other')), {
    shape: 'InvalidSubnet',
  });
  elasticache.records.groups.put(context, 'demo', someGroup('demo', { subnetGroupName: 'mine' }));
  await assert.rejects(run(ModifyCacheSubnetGroup, request('mine', 'subnet-b')), { shape: 'SubnetInUse' });
  await assert.rejects(run(ModifyCacheSubnetGroup, request('none', 'subnet-b')), {
    shape: 'CacheSubnetGroupNotFoundFault',
  });
});

test('a group that is in use and the default group cannot be deleted', async () => {
  const { run, elasticache } = inMemory();
  await run(CreateCacheSubnetGroup, { ...request('mine', 'subnet-a'), Tags: [{ Key: 'a', Value: 'b' }] });
  elasticache.records.groups.put(context, 'demo', someGroup('demo', { subnetGroupName: 'mine' }));
  await assert.rejects(run(DeleteCacheSubnetGroup, named('mine')), { shape: 'CacheSubnetGroupInUse' });
  await assert.rejects(run(DeleteCacheSubnetGroup, named('default')), {
    shape: 'InvalidParameterValueException',
  });
  elasticache.records.groups.delete(context, 'demo');
  await run(DeleteCacheSubnetGroup, named('Mine'));
  assert.deepEqual(elasticache.records.tags.list(context), []);
  await assert.rejects(run(DeleteCacheSubnetGroup, named('mine')), {
    shape: 'CacheSubnetGroupNotFoundFault',
  });
});
