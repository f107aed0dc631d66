// Network ACLs, DHCP options and further blocks of a VPC, as Terraform's VPC module manages them.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EC2 } from '@aws-sdk/client-ec2';
import { VPC } from '../../src/services/ec2/indexes.ts';
import type { Indexes } from '../../src/store/document-indexes.ts';
import { refuses, type ServedEc2, serveEc2 } from '../support/ec2.ts';
import { awsEnvironment, findProgram, run } from '../support/outside-clients.ts';

let served: ServedEc2;
let client: EC2;

before(async () => {
  served = await serveEc2();
  client = served.client;
});
after(() => served?.stop());

const newVpc = async (CidrBlock = '10.0.0.0/16') => (await client.createVpc({ CidrBlock })).Vpc!.VpcId!;
const newSubnet = async (VpcId: string, CidrBlock: string) =>
  (await client.createSubnet({ VpcId, CidrBlock })).Subnet!.SubnetId!;
const aclsOf = async (VpcId: string) =>
  (await client.describeNetworkAcls({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })).NetworkAcls!;
const defaultAclOf = async (VpcId: string) => (await aclsOf(VpcId)).find((acl) => acl.IsDefault)!;

describe('the default network ACL', () => {
  it('can be emptied and filled again, as aws_default_network_acl does', async () => {
    const VpcId = await newVpc();
    const { NetworkAclId, Entries } = await defaultAclOf(VpcId);
    assert.equal(Entries!.length, 4);
    for (const { Egress, RuleNumber } of Entries!.filter((entry) => entry.RuleNumber !== 32_767)) {
      await client.deleteNetworkAclEntry({ NetworkAclId, Egress, RuleNumber });
    }
    const all = { NetworkAclId, Protocol: '-1', RuleAction: 'allow' } as const;
    await client.createNetworkAclEntry({ ...all, Egress: false, RuleNumber: 100, CidrBlock: '0.0.0.0/0' });
    await client.createNetworkAclEntry({ ...all, Egress: true, RuleNumber: 101, Ipv6CidrBlock: '::/0' });
    const after = await defaultAclOf(VpcId);
    assert.deepEqual(
      after.Entries!.map((one) => [
        one.Egress,
        one.RuleNumber,
        one.RuleAction,
        one.CidrBlock ?? one.Ipv6CidrBlock,
      ]),
      [
        [true, 101, 'allow', '::/0'],
        [true, 32_767, 'deny', '0.0.0.0/0'],
        [false, 100, 'allow', '0.0.0.0/0'],
        [false, 32_767, 'deny', '0.0.0.0/0'],
      ],
    );
    await refuses(
      client.deleteNetworkAcl({ NetworkAclId }),
      'InvalidParameterValue',
      `cannot delete default network ACL ${NetworkAclId}`,
    );
    await client.deleteVpc({ VpcId });
    await refuses(
      client.describeNetworkAcls({ NetworkAclIds: [NetworkAclId!] }),
      'InvalidNetworkAclID.NotFound',
    );
  });

  it('is the same for a VPC that was there before ACLs were records', async () => {
    const scope = { accountId: '000000000000', region: 'eu-west-3' };
    const { store } = served;
    const old = { vpcId: 'vpc-0aaaaaaaaaaaaaaaa', cidrBlock: '10.5.0.0/16', cidrAssociationId: 'x' };
    store.collection('ec2/account').put(scope, 'account', { defaultNetworkMadeAt: 1 });
    const vpcs = store.collection('ec2/vpc', VPC as Indexes<unknown>);
    vpcs.put(scope, old.vpcId, { ...old, dhcpOptionsId: 'default', isDefault: false });
    const { EC2 } = await import('@aws-sdk/client-ec2');
    const paris = new EC2({
      endpoint: served.url,
      region: scope.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { NetworkAcls } = await paris.describeNetworkAcls({});
    assert.deepEqual(
      NetworkAcls!.map((acl) => [acl.VpcId, acl.IsDefault, acl.Entries!.length]),
      [[old.vpcId, true, 4]],
    );
    paris.destroy();
  });
});

describe('network ACLs of one’s own', () => {
  it('take subnets from another ACL and give them back', async () => {
    const VpcId = await newVpc();
    const SubnetId = await newSubnet(VpcId, '10.0.1.0/24');
    const [before] = (await defaultAclOf(VpcId)).Associations!;
    assert.equal(before!.SubnetId, SubnetId);
    const { NetworkAcl } = await client.createNetworkAcl({
      VpcId,
      TagSpecifications: [{ ResourceType: 'network-acl', Tags: [{ Key: 'Name', Value: 'own' }] }],
    });
    const NetworkAclId = NetworkAcl!.NetworkAclId!;
    assert.deepEqual(
      NetworkAcl!.Entries!.map((entry) => [entry.RuleNumber, entry.RuleAction]),
      [
        [32_767, 'deny'],
        [32_767, 'deny'],
      ],
    );
    assert.deepEqual(NetworkAcl!.Tags, [{ Key: 'Name', Value: 'own' }]);
    const { NewAssociationId } = await client.replaceNetworkAclAssociation({
      AssociationId: before!.NetworkAclAssociationId,
      NetworkAclId,
    });
    const bySubnet = { Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }] };
    const { NetworkAcls } = await client.describeNetworkAcls(bySubnet);
    assert.deepEqual(
      NetworkAcls!.map((acl) => acl.NetworkAclId),
      [NetworkAclId],
    );
    await refuses(
      client.deleteNetworkAcl({ NetworkAclId }),
      'DependencyViolation',
      `The networkAcl '${NetworkAclId}' has dependencies and cannot be deleted.`,
    );
    await refuses(client.deleteVpc({ VpcId }), 'DependencyViolation');
    await refuses(
      client.replaceNetworkAclAssociation({ AssociationId: 'aclassoc-0123456789abcdef0', NetworkAclId }),
      'InvalidAssociationID.NotFound',
    );
    await client.replaceNetworkAclAssociation({
      AssociationId: NewAssociationId,
      NetworkAclId: (await defaultAclOf(VpcId)).NetworkAclId,
    });
    await client.deleteNetworkAcl({ NetworkAclId });
    await client.deleteSubnet({ SubnetId });
    assert.deepEqual((await defaultAclOf(VpcId)).Associations, []);
    await client.deleteVpc({ VpcId });
  });

  it('have entries, each number once in a direction', async () => {
    const VpcId = await newVpc();
    const NetworkAclId = (await client.createNetworkAcl({ VpcId })).NetworkAcl!.NetworkAclId!;
    const web = {
      NetworkAclId,
      RuleNumber: 10,
      Egress: false,
      Protocol: '6',
      RuleAction: 'allow',
      CidrBlock: '10.0.0.9/8',
      PortRange: { From: 80, To: 443 },
    } as const;
    await client.createNetworkAclEntry(web);
    await refuses(
      client.createNetworkAclEntry(web),
      'NetworkAclEntryAlreadyExists',
      'The network acl entry identified by 10 already exists.',
    );
    await client.createNetworkAclEntry({ ...web, Egress: true });
    await client.replaceNetworkAclEntry({
      ...web,
      Protocol: '1',
      RuleAction: 'deny',
      IcmpTypeCode: { Type: 8, Code: -1 },
    });
    const { NetworkAcls } = await client.describeNetworkAcls({ NetworkAclIds: [NetworkAclId] });
    const ingress = NetworkAcls![0]!.Entries!.filter((entry) => !entry.Egress);
    assert.deepEqual(
      ingress.map((one) => [one.RuleNumber, one.RuleAction, one.CidrBlock, one.IcmpTypeCode?.Type]),
      [
        [10, 'deny', '10.0.0.0/8', 8],
        [32_767, 'deny', '0.0.0.0/0', undefined],
      ],
    );
    const missing = { NetworkAclId, Egress: false, RuleNumber: 77 };
    for (const work of [
      client.deleteNetworkAclEntry(missing),
      client.replaceNetworkAclEntry({ ...web, ...missing }),
    ]) {
      await refuses(work, 'InvalidNetworkAclEntry.NotFound');
    }
    await refuses(client.deleteNetworkAclEntry({ ...missing, RuleNumber: 32_767 }), 'InvalidParameterValue');
    await refuses(client.createNetworkAclEntry({ ...web, RuleNumber: 0 }), 'InvalidParameterValue');
    await refuses(
      client.createNetworkAclEntry({ ...web, RuleNumber: 11, CidrBlock: undefined }),
      'MissingParameter',
      'The request must contain the parameter cidrBlock',
    );
    await refuses(
      client.createNetworkAclEntry({ ...web, RuleNumber: 11, PortRange: undefined }),
      'MissingParameter',
    );
    await refuses(
      client.deleteNetworkAclEntry({ ...missing, NetworkAclId: 'acl-x' }),
      'InvalidNetworkAclId.Malformed',
      'Invalid id: "acl-x" (expecting "acl-...")',
    );
    await refuses(
      client.createNetworkAcl({ VpcId: 'vpc-0123456789abcdef0' }),
      'InvalidVpcID.NotFound',
      "The vpc ID 'vpc-0123456789abcdef0' does not exist",
    );
    await client.deleteNetworkAcl({ NetworkAclId });
    await client.deleteVpc({ VpcId });
  });

  it('have at most forty entries in a direction', async () => {
    const VpcId = await newVpc();
    const { NetworkAclId } = await defaultAclOf(VpcId);
    const entry = { NetworkAclId, Egress: false, Protocol: '-1', RuleAction: 'allow' } as const;
    for (let n = 1; n < 40; n++)
      await client.createNetworkAclEntry({ ...entry, RuleNumber: n, CidrBlock: '10.0.0.0/8' });
    await refuses(
      client.createNetworkAclEntry({ ...entry, RuleNumber: 50, CidrBlock: '10.0.0.0/8' }),
      'NetworkAclEntryLimitExceeded',
    );
    await client.deleteVpc({ VpcId });
  });
});

describe('DHCP options', () => {
  it('are made, given to a VPC and taken from it', async () => {
    const VpcId = await newVpc();
    const { DhcpOptions } = await client.createDhcpOptions({
      DhcpConfigurations: [
        { Key: 'domain-name', Values: ['example.internal'] },
        { Key: 'domain-name-servers', Values: ['10.0.0.2', '10.0.0.3'] },
      ],
    });
    const DhcpOptionsId = DhcpOptions!.DhcpOptionsId!;
    await client.associateDhcpOptions({ VpcId, DhcpOptionsId });
    const byOptions = { Filters: [{ Name: 'dhcp-options-id', Values: [DhcpOptionsId] }] };
    assert.deepEqual(
      (await client.describeVpcs(byOptions)).Vpcs!.map((vpc) => vpc.VpcId),
      [VpcId],
    );
    await refuses(
      client.deleteDhcpOptions({ DhcpOptionsId }),
      'DependencyViolation',
      `The dhcpOptions '${DhcpOptionsId}' has dependencies and cannot be deleted.`,
    );
    const other = await newVpc('10.1.0.0/16');
    const { Vpcs } = await client.describeVpcs({ VpcIds: [other] });
    assert.notEqual(Vpcs![0]!.DhcpOptionsId, DhcpOptionsId);
    await client.associateDhcpOptions({ VpcId, DhcpOptionsId: 'default' });
    await client.deleteDhcpOptions({ DhcpOptionsId });
    await refuses(
      client.describeDhcpOptions({ DhcpOptionsIds: [DhcpOptionsId] }),
      'InvalidDhcpOptionID.NotFound',
    );
    await refuses(
      client.createDhcpOptions({ DhcpConfigurations: [{ Key: 'colour', Values: ['red'] }] }),
      'InvalidParameterValue',
    );
    await refuses(
      client.associateDhcpOptions({ VpcId, DhcpOptionsId: 'dopt-x' }),
      'InvalidDhcpOptionsId.Malformed',
    );
    for (const id of [VpcId, other]) await client.deleteVpc({ VpcId: id });
  });
});

describe('further blocks of a VPC', () => {
  it('hold subnets and are reached by every route table', async () => {
    const VpcId = await newVpc();
    const { CidrBlockAssociation } = await client.associateVpcCidrBlock({
      VpcId,
      CidrBlock: '100.64.0.0/16',
    });
    const AssociationId = CidrBlockAssociation!.AssociationId!;
    const byAssociation = { Name: 'cidr-block-association.association-id', Values: [AssociationId] };
    const { Vpcs } = await client.describeVpcs({ Filters: [byAssociation] });
    assert.deepEqual(
      Vpcs![0]!.CidrBlockAssociationSet!.map((one) => [one.CidrBlock, one.CidrBlockState!.State]),
      [
        ['10.0.0.0/16', 'associated'],
        ['100.64.0.0/16', 'associated'],
      ],
    );
    const SubnetId = await newSubnet(VpcId, '100.64.1.0/24');
    const RouteTableId = (await client.createRouteTable({ VpcId })).RouteTable!.RouteTableId!;
    const { RouteTables } = await client.describeRouteTables({
      Filters: [{ Name: 'vpc-id', Values: [VpcId] }],
    });
    for (const { Routes } of RouteTables!) {
      assert.deepEqual(
        Routes!.map((route) => [route.DestinationCidrBlock, route.GatewayId]),
        [
          ['10.0.0.0/16', 'local'],
          ['100.64.0.0/16', 'local'],
        ],
      );
    }
    await refuses(client.disassociateVpcCidrBlock({ AssociationId }), 'DependencyViolation');
    const primary = Vpcs![0]!.CidrBlockAssociationSet![0]!.AssociationId!;
    await refuses(
      client.disassociateVpcCidrBlock({ AssociationId: primary }),
      'OperationNotPermitted',
      `The vpc CIDR block with association ID ${primary} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
    );
    await client.deleteSubnet({ SubnetId });
    await client.disassociateVpcCidrBlock({ AssociationId });
    await refuses(
      client.disassociateVpcCidrBlock({ AssociationId }),
      'InvalidVpcCidrBlockAssociationID.NotFound',
      `The vpc CIDR block association ID '${AssociationId}' does not exist`,
    );
    await refuses(newSubnet(VpcId, '100.64.1.0/24'), 'InvalidSubnet.Range');
    await client.deleteRouteTable({ RouteTableId });
    await client.deleteVpc({ VpcId });
  });

  it('are at most five, of a size that a VPC may have, and apart from each other', async () => {
    const VpcId = await newVpc();
    const add = (CidrBlock: string) => client.associateVpcCidrBlock({ VpcId, CidrBlock });
    await refuses(add('10.0.4.0/24'), 'InvalidVpc.Range');
    await refuses(add('10.0.0.0/8'), 'InvalidVpc.Range', "The CIDR '10.0.0.0/8' is invalid.");
    await refuses(add('10.1/16'), 'InvalidParameterValue');
    for (const n of [1, 2, 3, 4]) await add(`10.${n}.0.0/16`);
    await refuses(
      add('10.5.0.0/16'),
      'CidrLimitExceeded',
      `This network '${VpcId}' has met its maximum number of allowed CIDRs: 5`,
    );
    await refuses(
      client.associateVpcCidrBlock({ VpcId, AmazonProvidedIpv6CidrBlock: true }),
      'UnsupportedOperation',
    );
    await client.deleteVpc({ VpcId });
  });
});

const aws = findProgram('aws');

it('through the AWS CLI', { skip: !aws && 'the AWS CLI is not installed' }, async () => {
  const VpcId = await newVpc();
  const ec2 = (...args: string[]) =>
    run(aws!, ['--endpoint-url', served.url, 'ec2', '--output', 'text', ...args], awsEnvironment(served.url));
  const made = await ec2('create-network-acl', '--vpc-id', VpcId, '--query', 'NetworkAcl.NetworkAclId');
  const id = made.stdout.trim();
  assert.match(id, /^acl-0[0-9a-f]{16}$/, made.stderr);
  const entry = ['--network-acl-id', id, '--ingress', '--rule-number', '100'];
  const traffic = ['--protocol', 'tcp', '--port-range', 'From=22,To=22', '--cidr-block', '0.0.0.0/0'];
  const added = await ec2('create-network-acl-entry', ...entry, ...traffic, '--rule-action', 'allow');
  assert.equal(added.code, 0, added.stderr);
  const shown = await ec2(
    'describe-network-acls',
    '--network-acl-ids',
    id,
    '--query',
    'NetworkAcls[].Entries[].[Protocol,RuleNumber]',
  );
  assert.match(shown.stdout, /^6\t100$/m);
});
