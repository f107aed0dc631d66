// What EC2 says of the subnets and security groups that a balancer asks for.

import type { Scope } from '../../aws/scope.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { HeldAddresses } from '../../network/held-addresses.ts';
import { Fault } from '../../wire/fault.ts';
import type { Ec2Client } from './context.ts';
import {
  foreignSecurityGroups,
  invalidConfiguration,
  noInternetGateway,
  notSupported,
  securityGroupNotFound,
  subnetIsFull,
  subnetNotFound,
  subnetsOfSeveralVpcs,
  validation,
} from './faults.ts';
import { named } from './named-things.ts';
import type { Place } from './records.ts';

/** A subnet of a balancer that has no address yet. */
export type SubnetFacts = Omit<Place, 'address'>;

/** The members of a request that name subnets. */
export interface GivenSubnets {
  Subnets?: string[] | undefined;
  SubnetMappings?:
    | {
        SubnetId?: string | undefined;
        AllocationId?: string | undefined;
        PrivateIPv4Address?: string | undefined;
        IPv6Address?: string | undefined;
        SourceNatIpv6Prefix?: string | undefined;
      }[]
    | undefined;
}

/** The ids that a request names. Throws ValidationError, NotImplemented. */
export function subnetIdsIn({ Subnets = [], SubnetMappings = [] }: GivenSubnets): string[] {
  if (Subnets.length > 0 && SubnetMappings.length > 0) {
    throw validation('You can specify either subnets or subnet mappings, but not both');
  }
  for (const { SubnetId, ...others } of SubnetMappings) {
    if (SubnetId === undefined) throw validation('A subnet ID must be specified');
    const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
    if (other)
      throw notSupported(
        `the member '${other}' of subnet mappings, which application load balancers do not have`,
      );
  }
  const ids = Subnets.length > 0 ? Subnets : SubnetMappings.map(({ SubnetId }) => SubnetId!);
  return [...new Set(named(ids, 'subnets', MOST_SUBNETS))];
}

/** More than any region has zones. */
const MOST_SUBNETS = 20;

/**
 * The subnets of a balancer, in the order of the request. Rejects with ValidationError, SubnetNotFound, InvalidSubnet,
 * InvalidConfigurationRequest.
 */
export async function findSubnets(
  ec2: Ec2Client,
  scope: Scope,
  ids: readonly string[],
): Promise<{ vpcId: string; subnets: SubnetFacts[] }> {
  if (ids.length === 0)
    throw validation('At least two subnets in two different Availability Zones must be specified');
  const { Subnets = [] } = await ec2
    .call('DescribeSubnets', { SubnetIds: [...ids] }, scope)
    .catch(async (error) => {
      if (!isOf(error, /^InvalidSubnetID/)) throw error;
      throw subnetNotFound(await firstMissing(ec2, scope, ids));
    });
  const byId = new Map(Subnets.map((subnet) => [subnet.SubnetId!, subnet]));
  const found = ids.map((id) => byId.get(id)!);
  const [{ VpcId: vpcId }] = found as [(typeof found)[0]];
  if (found.some((subnet) => subnet.VpcId !== vpcId)) throw subnetsOfSeveralVpcs();
  const zones = new Set(found.map(({ AvailabilityZone }) => AvailabilityZone));
  if (zones.size < found.length) {
    throw invalidConfiguration(
      'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    );
  }
  if (zones.size < 2) {
    throw validation('At least two subnets in two different Availability Zones must be specified');
  }
  return {
    vpcId: vpcId!,
    subnets: found.map(({ SubnetId, AvailabilityZone, CidrBlock }) => ({
      ...{ subnetId: SubnetId!, zone: AvailabilityZone!, cidr: CidrBlock! },
    })),
  };
}

async function firstMissing(ec2: Ec2Client, scope: Scope, ids: readonly string[]): Promise<string> {
  for (const id of ids) {
    const isThere = await ec2.call('DescribeSubnets', { SubnetIds: [id] }, scope).then(
      () => true,
      () => false,
    );
    if (!isThere) return id;
  }
  return ids[0]!;
}

/** AWS: a balancer that faces the internet needs an internet gateway. Rejects with InvalidSubnet. */
export async function requireInternetGateway(ec2: Ec2Client, scope: Scope, vpcId: string): Promise<void> {
  const Filters = [{ Name: 'attachment.vpc-id', Values: [vpcId] }];
  const { InternetGateways = [] } = await ec2.call('DescribeInternetGateways', { Filters }, scope);
  if (InternetGateways.length === 0) throw noInternetGateway(vpcId);
}

/** More than a network interface may have. */
const MOST_GROUPS = 20;

/**
 * The security groups of a balancer; by default that of the VPC. Rejects with InvalidSecurityGroup,
 * InvalidConfigurationRequest.
 */
export async function findSecurityGroups(
  ec2: Ec2Client,
  scope: Scope,
  vpcId: string,
  asked: readonly string[] | undefined,
): Promise<string[]> {
  if (!asked?.length) {
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'group-name', Values: ['default'] },
    ];
    const { SecurityGroups = [] } = await ec2.call('DescribeSecurityGroups', { Filters }, scope);
    return SecurityGroups.map(({ GroupId }) => GroupId!);
  }
  const GroupIds = [...new Set(named(asked, 'security groups', MOST_GROUPS))];
  const { SecurityGroups = [] } = await ec2
    .call('DescribeSecurityGroups', { GroupIds }, scope)
    .catch((error) => {
      if (isOf(error, /^InvalidGroup/)) throw securityGroupNotFound(GroupIds);
      throw error;
    });
  if (SecurityGroups.some((group) => group.VpcId !== vpcId)) throw foreignSecurityGroups();
  return GroupIds;
}

/** Gives each subnet an address. Throws InvalidSubnet, and then holds none. */
export function takeAddresses(addresses: HeldAddresses, subnets: readonly SubnetFacts[]): Place[] {
  const taken: Place[] = [];
  try {
    for (const subnet of subnets) taken.push({ ...subnet, address: addresses.take(subnet.cidr) });
    return taken;
  } catch (error) {
    for (const { address } of taken) addresses.release(address);
    if (!(error instanceof OperationalError)) throw error;
    throw subnetIsFull(
      `Not enough IP space available in ${subnets[taken.length]!.subnetId}. ELB requires at least 8 free IP addresses in each subnet.`,
    );
  }
}

/** Whether it is one of EC2's errors with such a name. */
export const isOf = (error: unknown, names: RegExp): boolean =>
  error instanceof Fault ? names.test(error.shape) : error instanceof Error && names.test(error.name);
