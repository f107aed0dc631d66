// Security groups of a request. They are checked, stored and shown; a network that enforces them learns of them from
// node-interfaces.ts.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { ElastiCache } from '../context.ts';
import { invalidParameterValue } from '../faults/requests.ts';
import type { SubnetGroup } from '../records.ts';
import { subnetGroupNamed } from './subnet-groups.ts';

/**
 * The requested ids, or none. Rejects with InvalidParameterValue for a group that EC2 does not know, or that is in
 * another VPC than the subnets.
 */
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

/** The ids that a modify request asks for; `undefined` when it names none. Rejects as `securityGroupsOf` does. */
export async function securityGroupChangeOf(
  elasticache: ElastiCache,
  scope: Scope,
  { SecurityGroupIds: asked }: { SecurityGroupIds?: string[] | undefined },
  subnetGroupName: string,
): Promise<string[] | undefined> {
  if (!asked?.length) return undefined;
  return securityGroupsOf(
    elasticache,
    scope,
    asked,
    await subnetGroupNamed(elasticache, scope, subnetGroupName),
  );
}
