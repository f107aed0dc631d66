// DescribeVpcClassicLink and DescribeVpcClassicLinkDnsSupport, which old versions of Terraform's provider ask for every
// VPC. AWS: EC2-Classic was retired in 2022; no VPC has it.

import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import type { VpcRecord } from '../records.ts';
import { VPC } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

export function describeVpcClassicLink(inventory: Inventory): HandlerOf<Ec2, 'DescribeVpcClassicLink'> {
  return async (input, context) => {
    const tagsOf = inventory.tagsOf(context);
    const selection = selectionOf(input, input.VpcIds);
    const { items } = await select(recordsOf(inventory.vpcs, context), DESCRIBABLE, selection, tagsOf);
    return {
      Vpcs: items.map(({ vpcId }) => ({
        VpcId: vpcId,
        ClassicLinkEnabled: false,
        Tags: listTags(tagsOf(vpcId)),
      })),
    };
  };
}

export function describeVpcClassicLinkDnsSupport(
  inventory: Inventory,
): HandlerOf<Ec2, 'DescribeVpcClassicLinkDnsSupport'> {
  return async (input, context) => {
    const selection = selectionOf({ MaxResults: input.MaxResults, NextToken: input.NextToken }, input.VpcIds);
    const { items, nextToken } = await select(
      recordsOf(inventory.vpcs, context),
      DESCRIBABLE,
      selection,
      inventory.tagsOf(context),
    );
    return {
      Vpcs: items.map(({ vpcId }) => ({ VpcId: vpcId, ClassicLinkDnsSupported: false })),
      NextToken: nextToken,
    };
  };
}

const DESCRIBABLE: Describable<VpcRecord> = {
  kind: VPC,
  list: 'classic links',
  maxPage: 255,
  idParameter: 'VpcIds',
  idOf: (vpc) => vpc.vpcId,
  filters: { 'is-classic-link-enabled': () => false },
};
