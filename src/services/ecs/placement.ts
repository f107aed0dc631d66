// Where the tasks of a RunTask run: subnets and security groups, checked by EC2's API.

import type { NetworkConfiguration } from '@aws-sdk/client-ecs';
import type { Scope } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import type { Ecs } from './context.ts';
import {
  cannotReadGroups,
  cannotReadSubnets,
  groupOfOtherVpc,
  invalidParameter,
  missingNetwork,
  subnetsEmpty,
  subnetsOfSeveralVpcs,
} from './faults.ts';

/** AWS: the most of a request. */
const MOST_SUBNETS = 16;
const MOST_GROUPS = 5;

/** A subnet in which tasks can run. */
export interface PlacedSubnet {
  id: string;
  cidr: string;
  zone: string;
}

/** The checked network of a request. */
export interface Placement {
  subnets: PlacedSubnet[];
  securityGroupIds: string[];
  hasPublicAddress: boolean;
}

/** AWS: without security groups, the default one of the VPC. Rejects with InvalidParameterException. */
export async function placementOf(
  ecs: Pick<Ecs, 'ec2'>,
  scope: Scope,
  given: NetworkConfiguration | undefined,
): Promise<Placement> {
  const { subnets: subnetIds, securityGroups = [], assignPublicIp } = given?.awsvpcConfiguration ?? {};
  if (!given?.awsvpcConfiguration) throw missingNetwork();
  if (!subnetIds || subnetIds.length === 0) throw subnetsEmpty();
  if (subnetIds.length > MOST_SUBNETS)
    throw invalidParameter(`subnets can have at most ${MOST_SUBNETS} items.`);
  if (securityGroups.length > MOST_GROUPS)
    throw invalidParameter(`securityGroups can have at most ${MOST_GROUPS} items.`);
  const { Subnets = [] } = await ec2Answer(
    ecs.ec2.call('DescribeSubnets', { SubnetIds: [...new Set(subnetIds)] }, scope),
    (reason, code) => cannotReadSubnets(subnetIds, reason, code),
  );
  const [first] = Subnets;
  const vpcId = first?.VpcId;
  if (Subnets.some((subnet) => subnet.VpcId !== vpcId)) throw subnetsOfSeveralVpcs();
  return {
    subnets: Subnets.map(({ SubnetId, CidrBlock, AvailabilityZone }) => ({
      ...{ id: SubnetId!, cidr: CidrBlock!, zone: AvailabilityZone! },
    })),
    securityGroupIds: await groupsOf(ecs, scope, vpcId!, [...new Set(securityGroups)]),
    hasPublicAddress: assignPublicIp === 'ENABLED',
  };
}

async function groupsOf(
  ecs: Pick<Ecs, 'ec2'>,
  scope: Scope,
  vpcId: string,
  given: string[],
): Promise<string[]> {
  if (given.length === 0) {
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'group-name', Values: ['default'] },
    ];
    const { SecurityGroups = [] } = await ecs.ec2.call('DescribeSecurityGroups', { Filters }, scope);
    return SecurityGroups.map(({ GroupId }) => GroupId!);
  }
  const { SecurityGroups = [] } = await ec2Answer(
    ecs.ec2.call('DescribeSecurityGroups', { GroupIds: given }, scope),
    (reason, code) => cannotReadGroups(given, reason, code),
  );
  const other = SecurityGroups.find((group) => group.VpcId !== vpcId);
  if (other) throw groupOfOtherVpc(other.GroupId!);
  return given;
}

/** A refusal of EC2 becomes one of ECS. */
async function ec2Answer<T>(asked: Promise<T>, refusal: (reason: string, code: string) => Error): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Fault) throw refusal(error.message, error.code ?? error.shape);
    throw error;
  }
}
