// DescribeVpcClassicLink and DescribeVpcClassicLinkDnsSupport, which old versions of Terraform's provider call for
// every VPC. AWS: EC2-Classic was retired in 2022, so no VPC has it.

import { listTags } from '../../../aws/tags.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { VpcRecord } from '../model.ts';
import { VPC } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

export const DescribeVpcClassicLink: Operation<'DescribeVpcClassicLink'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const selection = selectionOf(input, input.VpcIds);
  const { items } = await select(recordsOf(ec2.records.vpcs, context), DESCRIBABLE, selection, tagsOf);
  return {
    Vpcs: items.map(({ vpcId }) => ({
      VpcId: vpcId,
      ClassicLinkEnabled: false,
      Tags: listTags(tagsOf(vpcId)),
    })),
  };
};

export const DescribeVpcClassicLinkDnsSupport: Operation<'DescribeVpcClassicLinkDnsSupport'> = async (
  ec2,
  input,
  context,
) => {
  const selection = selectionOf({ MaxResults: input.MaxResults, NextToken: input.NextToken }, input.VpcIds);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.vpcs, context),
    DESCRIBABLE,
    selection,
    tagReader(ec2, context),
  );
  return {
    Vpcs: items.map(({ vpcId }) => ({ VpcId: vpcId, ClassicLinkDnsSupported: false })),
    NextToken: nextToken,
  };
};

const DESCRIBABLE: Describable<VpcRecord> = {
  kind: VPC,
  list: 'classic links',
  page: 255,
  idParameter: 'VpcIds',
  idOf: (vpc) => vpc.vpcId,
  filters: { 'is-classic-link-enabled': () => false },
};
