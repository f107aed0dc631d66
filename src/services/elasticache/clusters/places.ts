// Where nodes and their subnets are, for the cuts of the network.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import type { NodePlace } from '../../../network/cuts/pairs.ts';
import type { ElastiCache } from '../context.ts';
import { membersOf } from './domain/model.ts';

/** Every node of all accounts and regions. */
export const nodePlaces = ({ records }: Pick<ElastiCache, 'records'>): NodePlace[] =>
  records.groups
    .listAll()
    .flatMap(({ id: groupId, value }) =>
      membersOf(value).map(({ id, zone, address }) => ({ id, groupId, zone, address })),
    );

/** The subnets of nodes first, then all others of the accounts and regions that have nodes. */
export async function subnetPlaces({
  records,
  ec2,
}: Pick<ElastiCache, 'records' | 'ec2'>): Promise<{ zone: string; cidr: string }[]> {
  const groups = records.groups.listAll();
  const own = groups.flatMap(({ value }) =>
    membersOf(value).map(({ zone, subnetCidr }) => ({ zone, cidr: subnetCidr })),
  );
  const scopes = new Map<string, Scope>(groups.map(({ scope }) => [scopeKey(scope), scope]));
  const described = await Promise.all(
    [...scopes.values()].map((scope) => ec2.call('DescribeSubnets', {}, scope)),
  );
  const others = described.flatMap(({ Subnets = [] }) =>
    Subnets.map(({ AvailabilityZone = '', CidrBlock = '' }) => ({ zone: AvailabilityZone, cidr: CidrBlock })),
  );
  const all = [...own, ...others].map((place) => [`${place.zone} ${place.cidr}`, place] as const);
  return [...new Map(all).values()];
}
