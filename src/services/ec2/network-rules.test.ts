import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { prefixListsOf } from './prefix-lists.ts';
import { createEc2 } from './service.ts';

const SCOPE = { accountId: '111111111111', region: 'eu-central-1' };

function open(test: TestContext) {
  const store = openStore(':memory:');
  test.after(() => store.close());
  const seen = { changes: 0 };
  const service = createEc2({ store, clock: { now: () => 0 }, networkChanged: () => seen.changes++ });
  const ec2 = createClient<typeof import('@aws-sdk/client-ec2')>('ec2', { inProcess: service });
  /** How many changes were reported during the work. */
  const changesOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = seen.changes;
    await work().catch(() => undefined);
    return seen.changes - before;
  };
  return { service, ec2, changesOf };
}

it('the rules are those of all accounts and regions, with the blocks of prefix lists', async (test) => {
  const { service, ec2 } = open(test);
  const { Vpc } = await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, SCOPE);
  const VpcId = Vpc!.VpcId!;
  await ec2.call('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.1.0.0/16' }, SCOPE);
  const { Subnet } = await ec2.call('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' }, SCOPE);
  const group = { VpcId, GroupName: 'app', Description: 'app' };
  const { GroupId } = await ec2.call('CreateSecurityGroup', group, SCOPE);
  const [list] = prefixListsOf(SCOPE.region);
  await ec2.call(
    'AuthorizeSecurityGroupIngress',
    {
      GroupId,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 80,
          ToPort: 81,
          PrefixListIds: [{ PrefixListId: list!.prefixListId }],
        },
        { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] },
        { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    },
    SCOPE,
  );
  await ec2.call('DescribeVpcs', {}, { accountId: '222222222222', region: 'us-east-1' });

  const { vpcs, subnets, groups } = await service.networkRules();
  assert.deepEqual(
    vpcs.find(({ vpcId }) => vpcId === VpcId),
    { vpcId: VpcId, cidrs: ['10.0.0.0/16', '10.1.0.0/16'] },
  );
  assert.ok(subnets.some(({ subnetId, vpcId }) => subnetId === Subnet!.SubnetId && vpcId === VpcId));
  assert.equal(groups.filter(({ isDefault }) => isDefault).length, 3, 'one of each VPC');
  const rules = JSON.parse(JSON.stringify(groups.find(({ groupId }) => groupId === GroupId)!.rules));
  assert.deepEqual(rules, [
    { isEgress: true, protocol: '-1', cidr: '0.0.0.0/0' },
    { isEgress: false, protocol: 'tcp', fromPort: 80, toPort: 81, prefixList: list!.cidrs },
    { isEgress: false, protocol: '-1', groupId: GroupId },
    { isEgress: false, protocol: '-1' },
  ]);
});

it('changes of the network are reported after their commit, and other calls are not', async (test) => {
  const { ec2, changesOf } = open(test);
  const { SecurityGroups } = await ec2.call('DescribeSecurityGroups', {}, SCOPE);
  const GroupId = SecurityGroups![0]!.GroupId!;
  const rule = {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  };
  const authorize = () => ec2.call('AuthorizeSecurityGroupIngress', rule, SCOPE);
  assert.ok((await changesOf(authorize)) > 0);
  assert.equal(await changesOf(authorize), 0, 'refused as a duplicate');
  assert.equal(await changesOf(() => ec2.call('DescribeSecurityGroups', {}, SCOPE)), 0);
  assert.equal(await changesOf(() => ec2.call('AllocateAddress', {}, SCOPE)), 0);
  assert.ok((await changesOf(() => ec2.call('RevokeSecurityGroupIngress', rule, SCOPE))) > 0);
  assert.ok((await changesOf(() => ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, SCOPE))) > 0);
});
