// The resource types AWS::EC2::VPC and AWS::EC2::Subnet.

import type { Scope } from '../../../aws/scope.ts';
import { finishing, unless } from '../../../control/resource-attempts.ts';
import { flagOf, requiredText, textOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import { type Ec2Client, NOT_FOUND, retag, tagSpecifications, withToken } from './tokens-and-tags.ts';

/** Its physical id is the VPC's id. */
export const vpcType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::VPC',
  async create(request) {
    const { properties, scope } = request;
    const { Vpc } = await ec2.call(
      'CreateVpc',
      withToken(request, {
        CidrBlock: textOf(properties, 'CidrBlock'),
        Ipv4IpamPoolId: textOf(properties, 'Ipv4IpamPoolId'),
        InstanceTenancy: textOf(properties, 'InstanceTenancy') as 'default' | undefined,
        ...tagSpecifications(request, 'vpc'),
      }),
      scope,
    );
    return finishing(Vpc!.VpcId!, async () => {
      await setVpcAttributes(ec2, scope, Vpc!.VpcId!, properties, {});
      return vpcState(ec2, scope, Vpc!.VpcId!);
    });
  },
  async update(request) {
    const { properties, before, scope, physicalId } = request;
    await setVpcAttributes(ec2, scope, physicalId, properties, before);
    await retag(ec2, request, physicalId);
    return vpcState(ec2, scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteVpc', { VpcId: physicalId }, scope));
  },
  replaces: (property) => (property === 'InstanceTenancy' ? true : undefined),
});

/** A property that was removed from the template gets AWS's default again. */
async function setVpcAttributes(
  ec2: Ec2Client,
  scope: Scope,
  VpcId: string,
  after: Properties,
  before: Properties,
): Promise<void> {
  const support = changedFlag('EnableDnsSupport', after, before, true);
  if (support !== undefined) {
    await ec2.call('ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: support } }, scope);
  }
  const hostnames = changedFlag('EnableDnsHostnames', after, before, false);
  if (hostnames !== undefined) {
    await ec2.call('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: hostnames } }, scope);
  }
}

function changedFlag(
  name: string,
  after: Properties,
  before: Properties,
  byDefault: boolean,
): boolean | undefined {
  const wanted = flagOf(after, name) ?? byDefault;
  return wanted === (flagOf(before, name) ?? byDefault) ? undefined : wanted;
}

async function vpcState(ec2: Ec2Client, scope: Scope, vpcId: string): Promise<ResourceState> {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const named = { Name: 'group-name', Values: ['default'] };
  const [{ Vpcs }, { SecurityGroups }, { NetworkAcls }] = await Promise.all([
    ec2.call('DescribeVpcs', { VpcIds: [vpcId] }, scope),
    ec2.call('DescribeSecurityGroups', { Filters: [...Filters, named] }, scope),
    ec2.call('DescribeNetworkAcls', { Filters: [...Filters, { Name: 'default', Values: ['true'] }] }, scope),
  ]);
  const vpc = Vpcs![0]!;
  return {
    physicalId: vpcId,
    attributes: {
      VpcId: vpcId,
      CidrBlock: vpc.CidrBlock ?? '',
      CidrBlockAssociations: (vpc.CidrBlockAssociationSet ?? []).map((one) => one.AssociationId ?? ''),
      DefaultSecurityGroup: SecurityGroups?.[0]?.GroupId ?? '',
      DefaultNetworkAcl: NetworkAcls?.[0]?.NetworkAclId ?? '',
      Ipv6CidrBlocks: [],
    },
  };
}

/** Its physical id is the subnet's id. */
export const subnetType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::Subnet',
  async create(request) {
    const { properties, scope } = request;
    const { Subnet } = await ec2.call(
      'CreateSubnet',
      withToken(request, {
        VpcId: requiredText(properties, 'VpcId'),
        CidrBlock: textOf(properties, 'CidrBlock'),
        AvailabilityZone: textOf(properties, 'AvailabilityZone'),
        AvailabilityZoneId: textOf(properties, 'AvailabilityZoneId'),
        Ipv6CidrBlock: textOf(properties, 'Ipv6CidrBlock'),
        Ipv4IpamPoolId: textOf(properties, 'Ipv4IpamPoolId'),
        OutpostArn: textOf(properties, 'OutpostArn'),
        ...tagSpecifications(request, 'subnet'),
      }),
      scope,
    );
    return finishing(Subnet!.SubnetId!, async () => {
      await setSubnetAttributes(ec2, scope, Subnet!.SubnetId!, properties, {});
      return subnetState(ec2, scope, Subnet!.SubnetId!);
    });
  },
  async update(request) {
    const { properties, before, scope, physicalId } = request;
    await setSubnetAttributes(ec2, scope, physicalId, properties, before);
    await retag(ec2, request, physicalId);
    return subnetState(ec2, scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteSubnet', { SubnetId: physicalId }, scope));
  },
});

async function setSubnetAttributes(
  ec2: Ec2Client,
  scope: Scope,
  SubnetId: string,
  after: Properties,
  before: Properties,
): Promise<void> {
  for (const name of ['MapPublicIpOnLaunch', 'AssignIpv6AddressOnCreation', 'EnableDns64'] as const) {
    const wanted = changedFlag(name, after, before, false);
    if (wanted === undefined) continue;
    await ec2.call('ModifySubnetAttribute', { SubnetId, [name]: { Value: wanted } }, scope);
  }
}

async function subnetState(ec2: Ec2Client, scope: Scope, subnetId: string): Promise<ResourceState> {
  const Filters = [{ Name: 'association.subnet-id', Values: [subnetId] }];
  const [{ Subnets }, { NetworkAcls }] = await Promise.all([
    ec2.call('DescribeSubnets', { SubnetIds: [subnetId] }, scope),
    ec2.call('DescribeNetworkAcls', { Filters }, scope),
  ]);
  const subnet = Subnets![0]!;
  const association = NetworkAcls?.[0]?.Associations?.find((one) => one.SubnetId === subnetId);
  return {
    physicalId: subnetId,
    attributes: {
      SubnetId: subnetId,
      VpcId: subnet.VpcId ?? '',
      CidrBlock: subnet.CidrBlock ?? '',
      AvailabilityZone: subnet.AvailabilityZone ?? '',
      AvailabilityZoneId: subnet.AvailabilityZoneId ?? '',
      NetworkAclAssociationId: association?.NetworkAclAssociationId ?? '',
      Ipv6CidrBlocks: [],
      OutpostArn: '',
    },
  };
}
