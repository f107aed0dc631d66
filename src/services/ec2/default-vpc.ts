// The default VPC of an account in a region, and its security groups by name.

import type { Scope } from '../../aws/scope.ts';
import type { Ec2 } from './context.ts';
import { groupNotInDefaultVpc, noDefaultVpc } from './faults.ts';
import { nameInVpc } from './indexes.ts';
import type { SecurityGroupRecord, VpcRecord } from './model.ts';

/** `undefined` after it was deleted. */
export const defaultVpcOf = ({ records }: Ec2, scope: Scope): VpcRecord | undefined =>
  records.vpcs.by(scope, 'default', 'yes')[0];

/** AWS: names of groups are looked up only in the default VPC. Throws VPCIdNotSpecified or InvalidGroup.NotFound. */
export function groupInDefaultVpc(ec2: Ec2, scope: Scope, name: string): SecurityGroupRecord {
  const vpcId = defaultVpcOf(ec2, scope)?.vpcId;
  if (!vpcId) throw noDefaultVpc();
  const [found] = ec2.records.securityGroups.by(scope, 'name', nameInVpc(vpcId, name));
  if (!found) throw groupNotInDefaultVpc(name, vpcId);
  return found;
}
