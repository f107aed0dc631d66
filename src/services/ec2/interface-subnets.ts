// Finds the subnet of a machine's network interface, and checks its security groups, by EC2's API: so that another EC2
// can be asked, too.

import type * as Ec2Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../aws/scope.ts';
import type { Client } from '../../wire/client.ts';
import { groupElsewhere } from './groups-of-interface.ts';

/** A subnet with the range of its VPC. */
export interface FoundSubnet {
  id: string;
  cidr: string;
  vpcId: string;
  vpcCidr: string;
  /** Instances in it get a public address. */
  givesPublicAddresses: boolean;
}

/**
 * The subnet with this id, else the first one of the default VPC; `undefined` when there is no default VPC. Rejects with
 * EC2's faults (InvalidSubnetID.NotFound…).
 */
export function subnetFinder(client: Client<unknown>) {
  const ec2 = client as Client<typeof Ec2Sdk>;
  return async (scope: Scope, subnetId: string | undefined): Promise<FoundSubnet | undefined> => {
    const wanted = subnetId
      ? { SubnetIds: [subnetId] }
      : { Filters: [{ Name: 'default-for-az', Values: ['true'] }] };
    const { Subnets = [] } = await ec2.call('DescribeSubnets', wanted, scope);
    const [subnet] = Subnets.sort((a, b) => (a.AvailabilityZone! < b.AvailabilityZone! ? -1 : 1));
    if (!subnet) return undefined;
    const { Vpcs = [] } = await ec2.call('DescribeVpcs', { VpcIds: [subnet.VpcId!] }, scope);
    return {
      ...{ id: subnet.SubnetId!, cidr: subnet.CidrBlock!, vpcId: subnet.VpcId! },
      ...{ vpcCidr: Vpcs[0]!.CidrBlock!, givesPublicAddresses: subnet.MapPublicIpOnLaunch === true },
    };
  };
}

/** Returns a check that rejects with EC2's faults when a group does not exist, or belongs to another VPC. */
export function groupChecker(client: Client<unknown>) {
  const ec2 = client as Client<typeof Ec2Sdk>;
  return async (scope: Scope, groupIds: readonly string[], vpcId: string | undefined): Promise<void> => {
    if (groupIds.length === 0) return;
    const { SecurityGroups = [] } = await ec2.call(
      'DescribeSecurityGroups',
      { GroupIds: [...groupIds] },
      scope,
    );
    if (SecurityGroups.some((group) => group.VpcId !== vpcId)) throw groupElsewhere();
  };
}
