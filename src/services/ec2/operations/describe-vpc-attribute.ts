// DescribeVpcAttribute: one attribute of a VPC.

import { invalidValue, missingParameter } from '../faults.ts';
import type { VpcRecord } from '../model.ts';
import type { Operation, Output } from '../sdk.ts';

/** Throws InvalidVpcID.NotFound, or InvalidParameterValue for an unknown attribute. */
export const DescribeVpcAttribute: Operation<'DescribeVpcAttribute'> = (ec2, input, context) => {
  if (!input.VpcId) throw missingParameter('vpcId');
  if (!input.Attribute) throw missingParameter('attribute');
  const vpc = ec2.records.vpcs.existing(context, input.VpcId);
  return { VpcId: vpc.vpcId, ...attributeOf(vpc, input.Attribute) };
};

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
