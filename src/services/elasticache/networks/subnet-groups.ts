// Subnet groups: those of customers, which are stored, and `default`, which reflects the present subnets of the
// default VPC. EC2 owns the subnets; a stored group keeps what EC2 said of them when the group was last changed.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { ElastiCache } from '../context.ts';
import { arnOf, nameToFind } from '../domain/identifiers.ts';
import {
  cacheSubnetGroupNotFoundFault,
  cacheSubnetQuotaExceededFault,
  subnetsNotFound,
  subnetsOfSeveralVpcs,
} from '../faults/networks.ts';
import { missingParameter } from '../faults/requests.ts';
import type { SubnetGroup } from '../records.ts';

/** AWS: the name of the group that exists while the account has a default VPC. */
export const DEFAULT_SUBNET_GROUP = 'default';
/** AWS: the quota of subnets in a subnet group. */
export const MAX_SUBNETS = 20;

type Ec2Holder = Pick<ElastiCache, 'ec2'>;

/** Rejects with CacheSubnetGroupNotFoundFault; InvalidParameterValue for a blank name. */
export async function subnetGroupNamed(
  elasticache: Pick<ElastiCache, 'ec2' | 'records'>,
  scope: Scope,
  requested: string | undefined,
): Promise<SubnetGroup> {
  const name = nameToFind('CacheSubnetGroupName', requested);
  if (name !== DEFAULT_SUBNET_GROUP) return elasticache.records.subnetGroups.existing(scope, name);
  const group = await defaultSubnetGroup(elasticache, scope);
  if (!group) throw cacheSubnetGroupNotFoundFault(name);
  return group;
}

/** The group `default`; `undefined` when the account has no default VPC, or when that VPC has no subnet. */
export async function defaultSubnetGroup({ ec2 }: Ec2Holder, scope: Scope): Promise<SubnetGroup | undefined> {
  const { Vpcs } = await ec2.call(
    'DescribeVpcs',
    { Filters: [{ Name: 'isDefault', Values: ['true'] }] },
    scope,
  );
  const vpcId = Vpcs?.[0]?.VpcId;
  if (!vpcId) return undefined;
  const found = await ec2.call('DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }, scope);
  const subnets = (found.Subnets ?? []).map(recordOf);
  if (subnets.length === 0) return undefined;
  return { name: DEFAULT_SUBNET_GROUP, description: 'Default CacheSubnetGroup', vpcId, subnets };
}

/**
 * The requested subnets as EC2 describes them, in the order of the request. Rejects with InvalidParameterValue when
 * there are none or EC2 does not know one; CacheSubnetQuotaExceededFault; InvalidSubnet for subnets of several VPCs.
 */
export async function describeSubnets(
  { ec2 }: Ec2Holder,
  scope: Scope,
  requested: readonly string[] | undefined,
): Promise<Pick<SubnetGroup, 'vpcId' | 'subnets'>> {
  const ids = [...new Set(requested)];
  if (ids.length === 0) throw missingParameter('SubnetIds');
  if (ids.length > MAX_SUBNETS) throw cacheSubnetQuotaExceededFault(MAX_SUBNETS);
  const { Subnets = [] } = await ec2.call('DescribeSubnets', { SubnetIds: ids }, scope).catch((error) => {
    if (error instanceof Fault && error.shape.startsWith('InvalidSubnetID')) throw subnetsNotFound(ids);
    throw error;
  });
  const byId = new Map(Subnets.map((subnet) => [subnet.SubnetId, subnet]));
  const found = ids.map((id) => byId.get(id));
  const vpcId = found[0]?.VpcId;
  const subnets = found.map((subnet) => {
    if (!subnet || !vpcId) throw subnetsNotFound(ids);
    if (subnet.VpcId !== vpcId) throw subnetsOfSeveralVpcs(ids[0]!, subnet.SubnetId!);
    return recordOf(subnet);
  });
  return { vpcId: vpcId!, subnets };
}

/** AWS's CacheSubnetGroup. */
export function viewSubnetGroup(scope: Scope, group: SubnetGroup) {
  return {
    CacheSubnetGroupName: group.name,
    CacheSubnetGroupDescription: group.description,
    VpcId: group.vpcId,
    Subnets: group.subnets.map((subnet) => ({
      SubnetIdentifier: subnet.id,
      SubnetAvailabilityZone: { Name: subnet.zone },
      SupportedNetworkTypes: ['ipv4' as const],
    })),
    ARN: arnOf(scope, 'subnetgroup', group.name),
    SupportedNetworkTypes: ['ipv4' as const],
  };
}

interface DescribedSubnet {
  SubnetId?: string | undefined;
  AvailabilityZone?: string | undefined;
  CidrBlock?: string | undefined;
}

const recordOf = (subnet: DescribedSubnet): SubnetGroup['subnets'][number] => ({
  id: subnet.SubnetId!,
  zone: subnet.AvailabilityZone!,
  cidr: subnet.CidrBlock!,
});
