// One attribute of a VPC.

import type { Handler } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { invalidValue, missingParameter } from '../faults.ts';
import type { VpcRecord } from '../records.ts';
import type { Input, Output } from '../sdk.ts';

type DescribeVpcAttribute = Handler<Input<'DescribeVpcAttribute'>, Output<'DescribeVpcAttribute'>>;

export function describeVpcAttribute(ec2: Ec2): DescribeVpcAttribute {
  return (input, context) => {
    if (!input.VpcId) throw missingParameter('vpcId');
    if (!input.Attribute) throw missingParameter('attribute');
    const vpc = ec2.records.vpcs.existing(context, input.VpcId);
    return { VpcId: vpc.vpcId, ...attributeOf(vpc, input.Attribute) };
  };
}

function attributeOf(vpc: VpcRecord, attribute: string): Output<'DescribeVpcAttribute'> {
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
