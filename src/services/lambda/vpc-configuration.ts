// Checks the VpcConfig of a function against EC2, as AWS does before it creates or changes the function.

import type { Scope } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import type { Lambda } from './context.ts';
import { groupsOfOtherVpc, notDescribed, onlySubnetsOrGroups, subnetsOfOtherVpcs } from './faults.ts';

/** The VPC of the subnets; `undefined` for a configuration that names none. Rejects with InvalidParameterValueException. */
export async function vpcOf(
  { ec2 }: Pick<Lambda, 'ec2'>,
  scope: Scope,
  given: { SubnetIds?: string[] | undefined; SecurityGroupIds?: string[] | undefined } | undefined,
): Promise<string | undefined> {
  const { SubnetIds = [], SecurityGroupIds: GroupIds = [] } = given ?? {};
  if (SubnetIds.length === 0 && GroupIds.length === 0) return undefined;
  if (SubnetIds.length === 0 || GroupIds.length === 0) throw onlySubnetsOrGroups();
  const { Subnets = [] } = await described(
    'DescribeSubnets',
    ec2.call('DescribeSubnets', { SubnetIds }, scope),
  );
  const { SecurityGroups = [] } = await described(
    'DescribeSecurityGroups',
    ec2.call('DescribeSecurityGroups', { GroupIds }, scope),
  );
  const [vpcId, ...others] = new Set(Subnets.map(({ VpcId }) => VpcId));
  if (others.length > 0) throw subnetsOfOtherVpcs();
  if (SecurityGroups.some((group) => group.VpcId !== vpcId)) throw groupsOfOtherVpc();
  return vpcId;
}

async function described<T>(operation: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Fault) throw notDescribed(operation, error.code ?? error.shape, error.message);
    throw error;
  }
}
