// Adds, removes and lists tags of roles, users, policies and instance profiles.

import type { Records } from '../../../aws/records.ts';
import type { Scope } from '../../../aws/scope.ts';
import { listTags, type Tagger, type Tags } from '../../../aws/tags.ts';
import type { Iam } from '../context.ts';
import { unmodifiable } from '../faults.ts';
import { type ListInput, pageOfParts, pagingOf } from '../lists.ts';
import { existingPolicy } from '../policies.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

interface Tagged {
  tags: Record<string, string>;
}

type Caller = Scope & Tagger;

type Given = { Key?: string | undefined; Value?: string | undefined }[];

const inRecords = <T extends Tagged>(recordsIn: (iam: Iam) => Records<T>) =>
  operationsOn<T>(
    (iam, scope, name) => recordsIn(iam).existing(scope, name),
    (iam, scope, record) => recordsIn(iam).put(scope, record),
  );

const ofRole = inRecords((iam) => iam.records.roles);
const ofUser = inRecords((iam) => iam.records.users);
const ofProfile = inRecords((iam) => iam.records.instanceProfiles);
const ofPolicy = operationsOn(existingPolicy, ({ records: { policies } }, scope, policy) => {
  // An AWS managed policy may have the same name as a policy of the account.
  if (policies.find(scope, policy.name)?.id !== policy.id) {
    throw unmodifiable('AWS managed policies cannot be changed.');
  }
  policies.put(scope, policy);
});

/** Throws the faults of `tagging`. */
export const TagRole: Operation<'TagRole'> = (iam, input, context) =>
  ofRole.add(iam, context, input.RoleName, input.Tags);

export const UntagRole: Operation<'UntagRole'> = (iam, input, context) =>
  ofRole.remove(iam, context, input.RoleName, input.TagKeys);

export const ListRoleTags: Operation<'ListRoleTags'> = (iam, input, context) =>
  ofRole.list(iam, context, input.RoleName, input);

/** Throws the faults of `tagging`. */
export const TagUser: Operation<'TagUser'> = (iam, input, context) =>
  ofUser.add(iam, context, input.UserName, input.Tags);

export const UntagUser: Operation<'UntagUser'> = (iam, input, context) =>
  ofUser.remove(iam, context, input.UserName, input.TagKeys);

export const ListUserTags: Operation<'ListUserTags'> = (iam, input, context) =>
  ofUser.list(iam, context, input.UserName, input);

/** Throws UnmodifiableEntity for a policy of AWS, and the faults of `tagging`. */
export const TagPolicy: Operation<'TagPolicy'> = (iam, input, context) =>
  ofPolicy.add(iam, context, input.PolicyArn, input.Tags);

/** Throws UnmodifiableEntity for a policy of AWS. */
export const UntagPolicy: Operation<'UntagPolicy'> = (iam, input, context) =>
  ofPolicy.remove(iam, context, input.PolicyArn, input.TagKeys);

export const ListPolicyTags: Operation<'ListPolicyTags'> = (iam, input, context) =>
  ofPolicy.list(iam, context, input.PolicyArn, input);

/** Throws the faults of `tagging`. */
export const TagInstanceProfile: Operation<'TagInstanceProfile'> = (iam, input, context) =>
  ofProfile.add(iam, context, input.InstanceProfileName, input.Tags);

export const UntagInstanceProfile: Operation<'UntagInstanceProfile'> = (iam, input, context) =>
  ofProfile.remove(iam, context, input.InstanceProfileName, input.TagKeys);

export const ListInstanceProfileTags: Operation<'ListInstanceProfileTags'> = (iam, input, context) =>
  ofProfile.list(iam, context, input.InstanceProfileName, input);

function operationsOn<T extends Tagged>(
  existing: (iam: Iam, scope: Scope, name: string) => T,
  put: (iam: Iam, scope: Scope, record: T) => void,
) {
  const change = (iam: Iam, scope: Scope, name: string, changed: (held: Tags) => Record<string, string>) =>
    iam.store.transaction(() => {
      const record = existing(iam, scope, name);
      put(iam, scope, { ...record, tags: changed(record.tags) });
      return {};
    });
  return {
    add: (iam: Iam, caller: Caller, name: string, tags: Given) =>
      change(iam, caller, name, (held) => tagging.add(held, tags, caller)),
    remove: (iam: Iam, caller: Caller, name: string, keys: string[]) =>
      change(iam, caller, name, (held) => tagging.remove(held, keys, caller)),
    list(iam: Iam, scope: Scope, name: string, input: ListInput) {
      const page = pageOfParts(listTags(existing(iam, scope, name).tags), (tag) => tag.Key, input);
      return { Tags: page.items, ...pagingOf(page) };
    },
  };
}
