// VPCs, as DescribeVpcs shows them.

import type { Handler, Input, Output } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import type { VpcRecord } from '../records.ts';
import { VPC } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { renderTags } from '../tags.ts';

type DescribeVpcs = Handler<Input<Ec2, 'DescribeVpcs'>, Output<Ec2, 'DescribeVpcs'>>;

export function describeVpcs(inventory: Inventory): DescribeVpcs {
  return (input, context) => {
    const tagsOf = inventory.tagLookup(context);
    const described = describableVpcs(context.accountId);
    const { items, nextToken } = select(
      inventory.vpcs(context),
      described,
      selectionOf(input, input.VpcIds),
      tagsOf,
    );
    return {
      Vpcs: items.map((vpc) => ({
        VpcId: vpc.vpcId,
        OwnerId: context.accountId,
        State: 'available',
        CidrBlock: vpc.cidrBlock,
        CidrBlockAssociationSet: [
          {
            AssociationId: vpc.cidrAssociationId,
            CidrBlock: vpc.cidrBlock,
            CidrBlockState: { State: 'associated' },
          },
        ],
        DhcpOptionsId: vpc.dhcpOptionsId,
        InstanceTenancy: 'default',
        IsDefault: vpc.isDefault,
        Tags: renderTags(tagsOf(vpc.vpcId)),
      })),
      NextToken: nextToken,
    };
  };
}

const describableVpcs = (accountId: string): Describable<VpcRecord> => ({
  kind: VPC,
  idParameter: 'VpcIds',
  idOf: (vpc) => vpc.vpcId,
  filters: {
    cidr: (vpc) => vpc.cidrBlock,
    'cidr-block': (vpc) => vpc.cidrBlock,
    cidrBlock: (vpc) => vpc.cidrBlock,
    'cidr-block-association.association-id': (vpc) => vpc.cidrAssociationId,
    'cidr-block-association.cidr-block': (vpc) => vpc.cidrBlock,
    'cidr-block-association.state': () => 'associated',
    'dhcp-options-id': (vpc) => vpc.dhcpOptionsId,
    dhcpOptionsId: (vpc) => vpc.dhcpOptionsId,
    'instance-tenancy': () => 'default',
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
