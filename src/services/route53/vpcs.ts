// The VPCs of private hosted zones: a VPC must exist, and two zones of the same name cannot share one.

import type { Scope } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import type { Ec2Client, Route53 } from './context.ts';
import { conflictingDomain, invalidInput, invalidVpc } from './faults.ts';
import type { VpcPlace } from './model.ts';

interface GivenVpc {
  VPCId?: string | undefined;
  VPCRegion?: string | undefined;
}

/** Looks a VPC up in EC2. Rejects with InvalidInput, or InvalidVPCId if it does not exist. */
export async function existingVpc(ec2: Ec2Client, { accountId }: Scope, given: GivenVpc): Promise<VpcPlace> {
  const { VPCId: id, VPCRegion: region } = given;
  if (!id || !region) throw invalidInput('Invalid request: VPC needs VPCId and VPCRegion');
  try {
    await ec2.call('DescribeVpcs', { VpcIds: [id] }, { accountId, region });
  } catch (error) {
    if (error instanceof Fault) throw invalidVpc(id, region);
    throw error;
  }
  return { id, region };
}

/** Throws ConflictingDomainExists if another zone of this name has the VPC. */
export function checkNoOther(route53: Route53, name: string, vpc: VpcPlace): void {
  const other = route53.records.live
    .named(name)
    .find(({ record }) => record.vpcs.some((one) => isSameVpc(one, vpc)));
  if (other) throw conflictingDomain(vpc.id, vpc.region, other.record.id);
}

/** Whether two places name the same VPC. */
export const isSameVpc = (one: VpcPlace, other: VpcPlace): boolean =>
  one.id === other.id && one.region === other.region;
