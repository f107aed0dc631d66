// DescribeAccountAttributes: quotas of an account in a region, and its default VPC.

import { invalidValue } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import type { Operation } from '../sdk.ts';

/** Throws InvalidParameterValue for an unknown attribute. */
export const DescribeAccountAttributes: Operation<'DescribeAccountAttributes'> = (ec2, input, context) => {
  const defaultVpc = ec2.records.vpcs.by(context, 'default', 'yes')[0];
  const attributes = new Map([
    ['supported-platforms', 'VPC'],
    ['vpc-max-security-groups-per-interface', String(LIMITS.groupsPerInterface)],
    ['max-elastic-ips', String(LIMITS.addresses)],
    ['max-instances', String(LIMITS.instances)],
    ['vpc-max-elastic-ips', String(LIMITS.addresses)],
    ['default-vpc', defaultVpc?.vpcId ?? 'none'],
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
