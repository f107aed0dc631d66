// DescribeAccountAttributes: quotas of an account in a region, and its default VPC.

import { defaultVpcOf } from '../default-vpc.ts';
import { invalidValue } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import type { Operation } from '../sdk.ts';

/** Throws InvalidParameterValue for an unknown attribute. */
export const DescribeAccountAttributes: Operation<'DescribeAccountAttributes'> = (ec2, input, context) => {
  const attributes = new Map([
    ['supported-platforms', 'VPC'],
    ['vpc-max-security-groups-per-interface', String(LIMITS.groupsPerInterface)],
    ['max-elastic-ips', String(LIMITS.addresses)],
    ['max-instances', String(LIMITS.instances)],
    ['vpc-max-elastic-ips', String(LIMITS.addresses)],
    ['default-vpc', defaultVpcOf(ec2, context)?.vpcId ?? 'none'],
  ]);
  const asked: string[] = input.AttributeNames?.length ? input.AttributeNames : [...attributes.keys()];
  return {
    AccountAttributes: asked.map((name) => {
      const value = attributes.get(name);
      if (value === undefined) throw invalidValue(name, 'attributeName');
      return { AttributeName: name, AttributeValues: [{ AttributeValue: value }] };
    }),
  };
};
