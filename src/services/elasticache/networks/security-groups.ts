// Security groups are kept and shown; on this machine they let everybody in. That they exist is checked.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { ElastiCache } from '../context.ts';
import { invalidParameterValue } from '../faults.ts';
import type { SubnetGroup } from '../records.ts';

/** The ids to record: those asked for, else the default group of the subnets' VPC. */
export async function securityGroupsOf(
  elasticache: ElastiCache,
  scope: Scope,
  asked: string[] | undefined,
  subnetGroup: SubnetGroup,
): Promise<string[]> {
  if (!asked?.length) return [];
  try {
    const { SecurityGroups } = await elasticache.ec2.call(
      'DescribeSecurityGroups',
      { GroupIds: asked },
      scope,
    );
    const foreign = SecurityGroups?.find((group) => group.VpcId !== subnetGroup.vpcId);
    if (foreign) {
      throw invalidParameterValue(
        `The security group ${foreign.GroupId} is not in the VPC of the cache subnet group.`,
      );
    }
    return asked;
  } catch (error) {
    if (error instanceof Fault && error.shape.startsWith('InvalidGroup'))
      throw invalidParameterValue(error.message);
    throw error;
  }
}
