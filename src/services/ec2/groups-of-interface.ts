// Which security groups a new network interface has: those asked for, which must be of its VPC, else the default one.

import type { Scope } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import { nameInVpc } from './indexes.ts';
import type { Inventory } from './inventory.ts';
import { LIMITS } from './limits.ts';

export function groupsOfInterface(
  inventory: Inventory,
  scope: Scope,
  vpcId: string,
  asked: readonly string[] | undefined,
): string[] {
  if (!asked?.length) {
    const name = nameInVpc(vpcId, 'default');
    return inventory.securityGroups.by(scope, 'name', name).map((one) => one.groupId);
  }
  const unique = [...new Set(asked)];
  if (unique.length > LIMITS.groupsPerInterface) throw tooManyGroups();
  for (const groupId of unique) {
    if (inventory.securityGroups.existing(scope, groupId).vpcId !== vpcId) throw groupElsewhere();
  }
  return unique;
}

const tooManyGroups = (): Fault =>
  new Fault(
    'SecurityGroupsPerInterfaceLimitExceeded',
    'The maximum number of security groups per interface has been reached.',
  );

const groupElsewhere = (): Fault =>
  new Fault('InvalidParameter', 'Security group and subnet belong to different networks.');
