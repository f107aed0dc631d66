// Tags of all kinds of resources, by ARN.
//
// AWS: tags of a replication group are replicated to its nodes. Here, a member without tags of its own has its
// group's tags. A change of the group's tags also changes its members' own tags; a change of a member's tags affects
// only that member.

import type { Scope } from '../../../aws/scope.ts';
import {
  describeViolation,
  type GivenTags,
  listTags,
  type Tagger,
  type Tags,
  taggingBy,
} from '../../../aws/tags.ts';
import { type Group, memberOf, membersOf } from '../clusters/domain/model.ts';
import { replicationGroupNamed } from '../clusters/lookup.ts';
import type { ElastiCache } from '../context.ts';
import { arnOf, DEFAULT_USER, type ResourceName, resourceOfArn } from '../domain/identifiers.ts';
import {
  globalReplicationGroupNotFoundFault,
  reservedCacheNodeNotFoundFault,
  serverlessCacheNotFoundFault,
  serverlessCacheSnapshotNotFoundFault,
  snapshotNotFoundFault,
  userGroupNotFoundFault,
  userNotFoundFault,
} from '../faults/absent.ts';
import { cacheClusterNotPresent, invalidReplicationGroupStateFault } from '../faults/clusters.ts';
import { cacheSecurityGroupNotFoundFault } from '../faults/networks.ts';
import { invalidParameterValue } from '../faults/requests.ts';
import { tagNotFoundFault, tagQuotaPerResourceExceeded } from '../faults/tags.ts';
import { subnetGroupNamed } from '../networks/subnet-groups.ts';
import { parameterGroupNamed } from '../parameters/parameter-groups.ts';

const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    violation.rule === 'too many'
      ? tagQuotaPerResourceExceeded(violation.most)
      : invalidParameterValue(describeViolation(violation)),
});

type Records = Pick<ElastiCache, 'records'>;

/**
 * The tags of a create request. Throws InvalidParameterValue for an invalid tag, TagQuotaPerResourceExceeded for too
 * many.
 */
export const newTags = (given: GivenTags, tagger: Tagger): Tags => tagging.add({}, given, tagger);

/** Adds tags to those of the resource. Throws as `newTags` does. Call it inside the transaction of the change. */
export function putTags({ records }: Records, scope: Scope & Tagger, arn: string, given: GivenTags): void {
  const tags = tagging.add(records.tags.get(scope, arn)?.tags ?? {}, given, scope);
  if (Object.keys(tags).length > 0) records.tags.put(scope, arn, { arn, tags });
}

/** The resource's own tags. For the effective tags of a member, use `tagsOfResource`. */
export const tagsOf = ({ records }: Records, scope: Scope, arn: string): Record<string, string> =>
  records.tags.get(scope, arn)?.tags ?? {};

/** Deletes all tags of a resource. */
export function deleteTags({ records }: Records, scope: Scope, arn: string): void {
  records.tags.delete(scope, arn);
}

/**
 * Deletes the tags of members that left a group, and of the group itself when it is deleted. A member that continues as
 * a standalone cluster or in another group keeps its tags.
 */
export function forgetTags(
  { records }: Records,
  scope: Scope,
  group: Group,
  members: readonly string[],
): void {
  const isGone = group.status === 'deleting' && !records.groups.has(scope, group.id);
  if (isGone && group.kind === 'replication-group')
    deleteTags({ records }, scope, arnOf(scope, 'replicationgroup', group.id));
  for (const id of members) {
    if (records.groups.countBy(scope, 'member', id) === 0)
      deleteTags({ records }, scope, arnOf(scope, 'cluster', id));
  }
}

/** An existing resource, with the replication group that it is or belongs to. */
export interface TaggedResource extends ResourceName {
  group?: Group;
}

/** The resource that an ARN names. Rejects with InvalidARN, or with its type's not-found fault. */
export async function resourceNamed(
  elasticache: Pick<ElastiCache, 'records' | 'groups' | 'ec2'>,
  scope: Scope,
  arn: string,
): Promise<TaggedResource> {
  const name = resourceOfArn(arn, scope);
  switch (name.type) {
    case 'replicationgroup':
      return { ...name, group: replicationGroupNamed(elasticache, scope, name.id) };
    case 'cluster': {
      const group = elasticache.groups.ofMember(scope, name.id);
      if (!group || !memberOf(group, name.id)) throw cacheClusterNotPresent(name.id);
      return { ...name, group };
    }
    case 'parametergroup':
      parameterGroupNamed(elasticache, scope, name.id);
      return name;
    case 'subnetgroup':
      await subnetGroupNamed(elasticache, scope, name.id);
      return name;
    case 'user':
      if (name.id !== DEFAULT_USER) throw userNotFoundFault(name.id);
      return name;
    default:
      throw nothingOfThatType(name);
  }
}

/** The not-found faults of the types that Millpond does not have. */
function nothingOfThatType({ type, id }: ResourceName): Error {
  switch (type) {
    case 'snapshot':
      return snapshotNotFoundFault(id);
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

/** The effective tags: a member's own if it has a record of them, else its group's. */
export function tagsOfResource(
  { records }: Records,
  scope: Scope,
  resource: TaggedResource,
): Record<string, string> {
  const own = records.tags.get(scope, resource.arn)?.tags;
  if (own || resource.type !== 'cluster' || resource.group?.kind !== 'replication-group') return own ?? {};
  return tagsOf({ records }, scope, arnOf(scope, 'replicationgroup', resource.group.id));
}

/** Throws InvalidReplicationGroupState. AWS: tags cannot be read or changed while the resource is being changed. */
export function checkTaggable({ group }: TaggedResource): void {
  if (!group || group.status === 'available') return;
  throw invalidReplicationGroupStateFault('Cluster not in available state to perform tagging operations.');
}

/**
 * Changes the tags of a resource, and of the members that a group replicates them to. Returns the resource's tags. Call
 * it inside a transaction. Throws what `change` throws.
 */
export function changeTags(
  { records }: Records,
  scope: Scope,
  resource: TaggedResource,
  change: (tags: Tags) => Record<string, string>,
): Record<string, string> {
  const tags = change(tagsOfResource({ records }, scope, resource));
  records.tags.put(scope, resource.arn, { arn: resource.arn, tags });
  if (resource.type !== 'replicationgroup') return tags;
  for (const arn of memberArns(scope, resource.group!)) {
    const own = records.tags.get(scope, arn);
    if (!own) continue;
    records.tags.put(scope, arn, { arn, tags: change(own.tags) });
  }
  return tags;
}

/** For changeTags. */
export const adding =
  (given: GivenTags, tagger: Tagger) =>
  (held: Tags): Record<string, string> =>
    tagging.add(held, given, tagger);

/** For changeTags. */
export const removing =
  (keys: readonly string[], tagger: Tagger) =>
  (held: Tags): Record<string, string> =>
    tagging.remove(held, keys, tagger);

/** Throws TagNotFound when one of the keys is missing. */
export function checkKeysPresent(tags: Readonly<Record<string, string>>, keys: readonly string[]): void {
  const absent = keys.filter((key) => !Object.hasOwn(tags, key));
  if (absent.length > 0) throw tagNotFoundFault(absent);
}

/** AWS's TagListMessage. */
export const viewTags = (tags: Tags) => ({ TagList: listTags(tags) });

function memberArns(scope: Scope, group: Group): string[] {
  return membersOf(group).map((member) => arnOf(scope, 'cluster', member.id));
}
