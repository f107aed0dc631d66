// Tags of every kind of resource, by ARN.
//
// AWS: tags of a replication group are replicated to its nodes. Here a member without tags of its own has its group's;
// what is then changed on the group is changed on its members too, and what is changed on a member stays there.

import type { Scope } from '../../kernel/scope.ts';
import { arnOf, type ResourceName, resourceOfArn } from './domain/identifiers.ts';
import { type Group, membersOf } from './domain/model.ts';
import type { ElastiCache } from './elasticache.ts';
import {
  cacheClusterNotFoundFault,
  cacheSecurityGroupNotFoundFault,
  globalReplicationGroupNotFoundFault,
  invalidParameterValue,
  invalidReplicationGroupStateFault,
  replicationGroupNotFoundFault,
  reservedCacheNodeNotFoundFault,
  serverlessCacheNotFoundFault,
  serverlessCacheSnapshotNotFoundFault,
  snapshotNotFoundFault,
  tagNotFoundFault,
  tagQuotaPerResourceExceeded,
  userGroupNotFoundFault,
  userNotFoundFault,
} from './faults.ts';
import { parameterGroupNamed } from './parameter-groups.ts';
import { subnetGroupNamed } from './subnet-groups.ts';

export const MAX_TAGS = 50;

export interface Tag {
  Key?: string | undefined;
  Value?: string | undefined;
}

type Records = Pick<ElastiCache, 'records'>;

/** Throws InvalidParameterValue for a tag that no resource may bear, TagQuotaPerResourceExceeded for too many. */
export function checkTags(tags: readonly Tag[]): void {
  const keys = new Set<string>();
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > 128) {
      throw invalidParameterValue('A tag key must have between 1 and 128 characters.');
    }
    if (/^aws:/i.test(Key))
      throw invalidParameterValue(`The tag key ${Key} begins with aws:, which is reserved.`);
    if (Value.length > 256) throw invalidParameterValue('A tag value must have at most 256 characters.');
    if (keys.has(Key)) throw invalidParameterValue(`The tag key ${Key} is given twice.`);
    keys.add(Key);
  }
  if (keys.size > MAX_TAGS) throw tagQuotaPerResourceExceeded(MAX_TAGS);
}

/** Adds to what the resource has. Throws as `checkTags` does; call it inside the transaction that needs it. */
export function putTags({ records }: Records, scope: Scope, arn: string, tags: readonly Tag[]): void {
  if (tags.length === 0) return;
  checkTags(tags);
  const all = withTags(records.tags.get(scope, arn)?.tags ?? {}, tags);
  if (Object.keys(all).length > MAX_TAGS) throw tagQuotaPerResourceExceeded(MAX_TAGS);
  records.tags.put(scope, arn, { arn, tags: all });
}

/** Tags that the resource itself bears; for a member of a group, `tagsOfResource`. */
export const tagsOf = ({ records }: Records, scope: Scope, arn: string): Record<string, string> =>
  records.tags.get(scope, arn)?.tags ?? {};

export function deleteTags({ records }: Records, scope: Scope, arn: string): void {
  records.tags.delete(scope, arn);
}

/**
 * What is deleted leaves no tags behind: neither the group nor any member, also of those that went before. A cluster
 * that merely became part of a replication group keeps its own.
 */
export function forgetTags({ records }: Records, scope: Scope, group: Group): void {
  if (group.status !== 'deleting') return;
  if (group.kind === 'replication-group')
    deleteTags({ records }, scope, arnOf(scope, 'replicationgroup', group.id));
  const others = records.groups.list(scope).filter((other) => other.id !== group.id);
  const alive = new Set(others.flatMap((other) => memberArns(scope, other)));
  for (const { arn } of records.tags.list(scope)) {
    if (resourceOfArn(arn, scope).type === 'cluster' && !alive.has(arn)) deleteTags({ records }, scope, arn);
  }
}

/** A resource that exists, with the replication group it is or belongs to. */
export interface TaggedResource extends ResourceName {
  group?: Group;
}

/** Rejects with InvalidARN, or with the fault of its type when there is no such resource. */
export async function resourceNamed(
  elasticache: Pick<ElastiCache, 'records' | 'groups' | 'ec2'>,
  scope: Scope,
  arn: string,
): Promise<TaggedResource> {
  const name = resourceOfArn(arn, scope);
  switch (name.type) {
    case 'replicationgroup': {
      const group = elasticache.records.groups.get(scope, name.id);
      if (group?.kind !== 'replication-group') throw replicationGroupNotFoundFault(name.id);
      return { ...name, group };
    }
    case 'cluster': {
      const group = elasticache.groups.ofMember(scope, name.id);
      if (!group?.shards.some((shard) => shard.members.some((member) => member.id === name.id)))
        throw cacheClusterNotFoundFault(name.id);
      return { ...name, group };
    }
    case 'parametergroup':
      parameterGroupNamed(elasticache, scope, name.id);
      return name;
    case 'subnetgroup':
      await subnetGroupNamed(elasticache, scope, name.id);
      return name;
    default:
      throw nothingOfThatType(name);
  }
}

/** The types of which this Millpond has no resources. */
function nothingOfThatType({ type, id }: ResourceName): Error {
  switch (type) {
    case 'snapshot':
      return snapshotNotFoundFault(id);
    case 'user':
      return userNotFoundFault(id);
    case 'usergroup':
      return userGroupNotFoundFault(id);
    case 'serverlesscache':
      return serverlessCacheNotFoundFault(id);
    case 'serverlesscachesnapshot':
      return serverlessCacheSnapshotNotFoundFault(id);
    case 'globalreplicationgroup':
      return globalReplicationGroupNotFoundFault(id);
    case 'reserved-instance':
      return reservedCacheNodeNotFoundFault(id);
    default:
      return cacheSecurityGroupNotFoundFault(id);
  }
}

/** A member's own tags if it has any record of them, else its group's. */
export function tagsOfResource(
  { records }: Records,
  scope: Scope,
  resource: TaggedResource,
): Record<string, string> {
  const own = records.tags.get(scope, resource.arn)?.tags;
  if (own || resource.type !== 'cluster' || resource.group?.kind !== 'replication-group') return own ?? {};
  return tagsOf({ records }, scope, arnOf(scope, 'replicationgroup', resource.group.id));
}

/**
 * Changes the tags of a resource and of what it replicates them to, and returns them. Call it inside a transaction.
 * Throws InvalidReplicationGroupState while the resource is being changed, TagQuotaPerResourceExceeded.
 */
export function changeTags(
  { records }: Records,
  scope: Scope,
  resource: TaggedResource,
  change: (tags: Readonly<Record<string, string>>) => Record<string, string>,
): Record<string, string> {
  const status = resource.group?.status;
  if (status && status !== 'available') {
    throw invalidReplicationGroupStateFault('Cluster not in available state to perform tagging operations.');
  }
  const tags = change(tagsOfResource({ records }, scope, resource));
  if (Object.keys(tags).length > MAX_TAGS) throw tagQuotaPerResourceExceeded(MAX_TAGS);
  records.tags.put(scope, resource.arn, { arn: resource.arn, tags });
  if (resource.type !== 'replicationgroup') return tags;
  for (const arn of memberArns(scope, resource.group!)) {
    const own = records.tags.get(scope, arn);
    if (!own) continue;
    records.tags.put(scope, arn, { arn, tags: change(own.tags) });
  }
  return tags;
}

/** With new tags, and new values of old ones. Any key will do, `__proto__` as well. */
export function withTags(
  present: Readonly<Record<string, string>>,
  tags: readonly Tag[],
): Record<string, string> {
  const added = tags.map(({ Key = '', Value = '' }) => [Key, Value]);
  return Object.fromEntries([...Object.entries(present), ...added]);
}

export function withoutTags(
  present: Readonly<Record<string, string>>,
  keys: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(present).filter(([key]) => !keys.includes(key)));
}

/** Throws TagNotFound when the resource lacks one of them. */
export function checkKeysPresent(tags: Readonly<Record<string, string>>, keys: readonly string[]): void {
  const absent = keys.filter((key) => !Object.hasOwn(tags, key));
  if (absent.length > 0) throw tagNotFoundFault(absent);
}

export const viewTags = (tags: Readonly<Record<string, string>>) => ({
  TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

function memberArns(scope: Scope, group: Group): string[] {
  return membersOf(group).map((member) => arnOf(scope, 'cluster', member.id));
}
