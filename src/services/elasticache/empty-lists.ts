// The Describe operations for resources that Millpond does not have: snapshots, users other than the built-in one,
// serverless caches, global datastores, reserved nodes, service updates, cache security groups. They answer as AWS
// answers an account without any: with an empty list, or a not-found fault for a given name.

import type { User } from '@aws-sdk/client-elasticache';
import type { Scope } from '../../aws/scope.ts';
import { arnOf, DEFAULT_USER } from './domain/identifiers.ts';
import {
  globalReplicationGroupNotFoundFault,
  reservedCacheNodeNotFoundFault,
  reservedCacheNodesOfferingNotFoundFault,
  serverlessCacheNotFoundFault,
  serverlessCacheSnapshotNotFoundFault,
  serviceUpdateNotFoundFault,
  snapshotNotFoundFault,
  userGroupNotFoundFault,
  userNotFoundFault,
} from './faults/absent.ts';
import { cacheSecurityGroupNotFoundFault } from './faults/networks.ts';
import { invalidParameterValue } from './faults/requests.ts';
import { limitOf, type PageRequest, pagesNamed, readOf } from './paging.ts';
import type { Operation } from './sdk.ts';

const OF_SNAPSHOTS = { least: 20, most: 50 };
const OF_SERVERLESS = { least: 1, most: 50 };
const SNAPSHOT_SOURCES = ['system', 'user', 'automated', 'manual'];
const SNAPSHOT_TYPES = [...SNAPSHOT_SOURCES, 'all'];

/** No list has a second page, so every marker is invalid. */
const none = pagesNamed('nothing');

function checkPage(request: PageRequest, sizes?: Parameters<typeof readOf>[1]): void {
  none.keyOf(readOf(request, sizes).token);
}

function checkServerlessPage({ MaxResults, NextToken }: ServerlessPageRequest): void {
  limitOf('MaxResults', MaxResults, OF_SERVERLESS);
  none.keyOf(NextToken);
}

interface ServerlessPageRequest {
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
}

/** Throws `notFound` when the request names a resource. */
function checkUnnamed(id: string | undefined, notFound: (id: string) => Error): void {
  if (id !== undefined) throw notFound(id);
}

function checkAmong(name: string, value: string | undefined, values: readonly string[]): void {
  if (value === undefined || values.includes(value)) return;
  throw invalidParameterValue(`Invalid ${name}: ${value.slice(0, 100)}. Valid values: ${values.join(' | ')}`);
}

export const DescribeCacheSecurityGroups: Operation<'DescribeCacheSecurityGroups'> = (
  _elasticache,
  input,
) => {
  checkPage(input);
  checkUnnamed(input.CacheSecurityGroupName, cacheSecurityGroupNotFoundFault);
  return { CacheSecurityGroups: [] };
};

export const DescribeGlobalReplicationGroups: Operation<'DescribeGlobalReplicationGroups'> = (
  _elasticache,
  input,
) => {
  checkPage(input);
  checkUnnamed(input.GlobalReplicationGroupId, globalReplicationGroupNotFoundFault);
  return { GlobalReplicationGroups: [] };
};

export const DescribeReservedCacheNodes: Operation<'DescribeReservedCacheNodes'> = (_elasticache, input) => {
  checkPage(input);
  checkUnnamed(input.ReservedCacheNodeId, reservedCacheNodeNotFoundFault);
  return { ReservedCacheNodes: [] };
};

export const DescribeReservedCacheNodesOfferings: Operation<'DescribeReservedCacheNodesOfferings'> = (
  _elasticache,
  input,
) => {
  checkPage(input);
  checkUnnamed(input.ReservedCacheNodesOfferingId, reservedCacheNodesOfferingNotFoundFault);
  return { ReservedCacheNodesOfferings: [] };
};

export const DescribeServerlessCaches: Operation<'DescribeServerlessCaches'> = (_elasticache, input) => {
  checkServerlessPage(input);
  checkUnnamed(input.ServerlessCacheName, serverlessCacheNotFoundFault);
  return { ServerlessCaches: [] };
};

export const DescribeServerlessCacheSnapshots: Operation<'DescribeServerlessCacheSnapshots'> = (
  _elasticache,
  input,
) => {
  checkServerlessPage(input);
  checkAmong('SnapshotType', input.SnapshotType, SNAPSHOT_TYPES);
  checkUnnamed(input.ServerlessCacheSnapshotName, serverlessCacheSnapshotNotFoundFault);
  checkUnnamed(input.ServerlessCacheName, serverlessCacheNotFoundFault);
  return { ServerlessCacheSnapshots: [] };
};

export const DescribeServiceUpdates: Operation<'DescribeServiceUpdates'> = (_elasticache, input) => {
  checkPage(input);
  checkUnnamed(input.ServiceUpdateName, serviceUpdateNotFoundFault);
  return { ServiceUpdates: [] };
};

export const DescribeSnapshots: Operation<'DescribeSnapshots'> = (_elasticache, input) => {
  checkPage(input, OF_SNAPSHOTS);
  checkAmong('SnapshotSource', input.SnapshotSource, SNAPSHOT_SOURCES);
  checkUnnamed(input.SnapshotName, snapshotNotFoundFault);
  return { Snapshots: [] };
};

export const DescribeUpdateActions: Operation<'DescribeUpdateActions'> = (_elasticache, input) => {
  checkPage(input);
  return { UpdateActions: [] };
};

export const DescribeUserGroups: Operation<'DescribeUserGroups'> = (_elasticache, input) => {
  checkPage(input);
  checkUnnamed(input.UserGroupId, userGroupNotFoundFault);
  return { UserGroups: [] };
};

export const DescribeUsers: Operation<'DescribeUsers'> = (_elasticache, input, context) => {
  checkPage(input);
  const { UserId, Engine, Filters = [] } = input;
  if (UserId !== undefined && UserId.toLowerCase() !== DEFAULT_USER) throw userNotFoundFault(UserId);
  const user = defaultUser(context);
  const isShown =
    (Engine === undefined || Engine.toLowerCase() === user.Engine) &&
    Filters.every((filter) => fits(user, filter));
  return { Users: isShown ? [user] : [] };
};

/** AWS: exists in every account; its engine is redis, and it can be neither modified nor deleted. */
const defaultUser = (scope: Scope): User => ({
  UserId: DEFAULT_USER,
  UserName: DEFAULT_USER,
  Status: 'active',
  Engine: 'redis',
  MinimumEngineVersion: '6.0',
  AccessString: 'on ~* +@all',
  UserGroupIds: [],
  Authentication: { Type: 'no-password' },
  ARN: arnOf(scope, 'user', DEFAULT_USER),
});

const FILTERS: Readonly<Record<string, (user: User) => string | undefined>> = {
  userid: ({ UserId }) => UserId,
  username: ({ UserName }) => UserName,
  engine: ({ Engine }) => Engine,
  status: ({ Status }) => Status,
};

function fits(
  user: User,
  { Name = '', Values = [] }: { Name?: string | undefined; Values?: string[] | undefined },
) {
  // AWS: the model's documentation says UserId; its command line's examples say user-id.
  const property = Name.replaceAll('-', '').toLowerCase();
  checkAmong('filter', property, Object.keys(FILTERS));
  return Values.includes(FILTERS[property]!(user) ?? '');
}
