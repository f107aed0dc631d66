// The security groups of a new network interface: the requested ones, which must be in its VPC, or else the default
// group.

import type { Scope } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import type { Ec2 } from './context.ts';
import { nameInVpc } from './indexes.ts';
import { LIMITS } from './limits.ts';

/**
 * Ids of the groups. Throws NotFound, InvalidParameter for a group of another VPC, or
 * SecurityGroupsPerInterfaceLimitExceeded.
 */
export function groupsOfInterface(
  ec2: Ec2,
  scope: Scope,
  vpcId: string,
  asked: readonly string[] | undefined,
): string[] {
  if (!asked?.length) {
    const name = nameInVpc(vpcId, 'default');
    return ec2.records.securityGroups.by(scope, 'name', name).map((one) => one.groupId);
  }
  const unique = [...new Set(asked)];
  if (unique.length > LIMITS.groupsPerInterface) throw tooManyGroups();
  for (const groupId of unique) {
    if (ec2.records.securityGroups.existing(scope, groupId).vpcId !== vpcId) throw groupElsewhere();
  }
  return unique;
}

const tooManyGroups = (): Fault =>
  new Fault(
    'SecurityGroupsPerInterfaceLimitExceeded',
    'The maximum number of security groups per interface has been reached.',
  );

/** For a group of another VPC than the subnet's. */
export const groupElsewhere = (): Fault =>
  new Fault('InvalidParameter', 'Security group and subnet belong to different networks.');
