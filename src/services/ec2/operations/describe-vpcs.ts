// DescribeVpcs: VPCs with their address blocks.

import type { Vpc } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { VpcRecord } from '../model.ts';
import { VPC } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { cidrAssociationsOf, cidrBlocksOf } from '../vpc-cidrs.ts';

export const DescribeVpcs: Operation<'DescribeVpcs'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const described = describableVpcs(context.accountId);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.vpcs, context, { indexes: BY_INDEX }),
    described,
    selectionOf(input, input.VpcIds),
    tagsOf,
  );
  return {
    Vpcs: items.map((vpc) => viewVpc(vpc, context, tagsOf(vpc.vpcId))),
    NextToken: nextToken,
  };
};

/** AWS's view of a VPC. */
export const viewVpc = (vpc: VpcRecord, scope: Scope, tags: Record<string, string>): Vpc => ({
  VpcId: vpc.vpcId,
  OwnerId: scope.accountId,
  State: 'available',
  CidrBlock: vpc.cidrBlock,
  CidrBlockAssociationSet: cidrAssociationsOf(vpc).map(({ associationId, cidrBlock }) => ({
    AssociationId: associationId,
    CidrBlock: cidrBlock,
    CidrBlockState: { State: 'associated' },
  })),
  DhcpOptionsId: vpc.dhcpOptionsId,
  InstanceTenancy: tenancyOf(vpc) as 'default',
  IsDefault: vpc.isDefault,
  Tags: listTags(tags),
});

const tenancyOf = (vpc: VpcRecord): string => vpc.instanceTenancy ?? 'default';

const BY_INDEX = {
  'cidr-block-association.association-id': 'cidrAssociation',
  'dhcp-options-id': 'dhcpOptions',
  dhcpOptionsId: 'dhcpOptions',
};

const describableVpcs = (accountId: string): Describable<VpcRecord> => ({
  kind: VPC,
  idParameter: 'VpcIds',
  idOf: (vpc) => vpc.vpcId,
  filters: {
    cidr: (vpc) => vpc.cidrBlock,
    'cidr-block': (vpc) => vpc.cidrBlock,
    cidrBlock: (vpc) => vpc.cidrBlock,
    'cidr-block-association.association-id': (vpc) => cidrAssociationsOf(vpc).map((one) => one.associationId),
    'cidr-block-association.cidr-block': cidrBlocksOf,
    'cidr-block-association.state': () => 'associated',
    'dhcp-options-id': (vpc) => vpc.dhcpOptionsId,
    dhcpOptionsId: (vpc) => vpc.dhcpOptionsId,
    'instance-tenancy': tenancyOf,
    'ipv6-cidr-block-association.association-id': () => undefined,
    'ipv6-cidr-block-association.ipv6-cidr-block': () => undefined,
    'ipv6-cidr-block-association.ipv6-pool': () => undefined,
    'ipv6-cidr-block-association.state': () => undefined,
    'is-default': (vpc) => vpc.isDefault,
    isDefault: (vpc) => vpc.isDefault,
    'owner-id': () => accountId,
    state: () => 'available',
    'vpc-id': (vpc) => vpc.vpcId,
    vpcId: (vpc) => vpc.vpcId,
  },
});
