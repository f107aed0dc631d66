// One attribute of a VPC.

import type { Handler, Input, Output } from '../../../wire/service.ts';
import { invalidValue, missingParameter } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import type { VpcRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';

type DescribeVpcAttribute = Handler<Input<Ec2, 'DescribeVpcAttribute'>, Output<Ec2, 'DescribeVpcAttribute'>>;

export function describeVpcAttribute(inventory: Inventory): DescribeVpcAttribute {
  return (input, context) => {
    if (!input.VpcId) throw missingParameter('vpcId');
    if (!input.Attribute) throw missingParameter('attribute');
    const vpc = inventory.vpcs.existing(context, input.VpcId);
    return { VpcId: vpc.vpcId, ...attributeOf(vpc, input.Attribute) };
  };
}

function attributeOf(vpc: VpcRecord, attribute: string): Output<Ec2, 'DescribeVpcAttribute'> {
  switch (attribute) {
    case 'enableDnsSupport':
      return { EnableDnsSupport: { Value: vpc.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { EnableDnsHostnames: { Value: vpc.enableDnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { EnableNetworkAddressUsageMetrics: { Value: false } };
    default:
      throw invalidValue(attribute, 'attribute');
  }
}
