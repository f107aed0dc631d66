// Tags of roles, users, policies and instance profiles: add, remove, list.

import type { Scope } from '../../../aws/scope.ts';
import { listTags, type Tagger, type Tags } from '../../../aws/tags.ts';
import type { Handlers } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { unmodifiable } from '../faults.ts';
import { type ListInput, pageOfParts, pagingOf } from '../lists.ts';
import { existingPolicy } from '../policies.ts';
import type { Iam } from '../service.ts';
import { tagging } from '../tags.ts';

interface Tagged {
  tags: Record<string, string>;
}

type Caller = Scope & Tagger;

type Given = { Key?: string | undefined; Value?: string | undefined }[];

export function tagOperations(directory: Directory): Handlers<Iam> {
  const { roles, users, policies, instanceProfiles } = directory;
  const ofRole = operationsOn(directory, (scope, name) => roles.existing(scope, name), roles.put);
  const ofUser = operationsOn(directory, (scope, name) => users.existing(scope, name), users.put);
  const ofProfile = operationsOn(
    directory,
    (scope, name) => instanceProfiles.existing(scope, name),
    instanceProfiles.put,
  );
  const ofPolicy = operationsOn(
    directory,
    (scope, arn) => existingPolicy(directory, scope, arn),
    (scope, policy) => {
      // AWS's own may bear the name of one of the account's.
      if (policies.find(scope, policy.name)?.id !== policy.id) {
        throw unmodifiable('AWS managed policies cannot be changed.');
      }
      policies.put(scope, policy);
    },
  );
  return {
    TagRole: (input, context) => ofRole.add(context, input.RoleName, input.Tags),
    UntagRole: (input, context) => ofRole.remove(context, input.RoleName, input.TagKeys),
    ListRoleTags: (input, context) => ofRole.list(context, input.RoleName, input),
    TagUser: (input, context) => ofUser.add(context, input.UserName, input.Tags),
    UntagUser: (input, context) => ofUser.remove(context, input.UserName, input.TagKeys),
    ListUserTags: (input, context) => ofUser.list(context, input.UserName, input),
    TagPolicy: (input, context) => ofPolicy.add(context, input.PolicyArn, input.Tags),
    UntagPolicy: (input, context) => ofPolicy.remove(context, input.PolicyArn, input.TagKeys),
    ListPolicyTags: (input, context) => ofPolicy.list(context, input.PolicyArn, input),
    TagInstanceProfile: (input, context) => ofProfile.add(context, input.InstanceProfileName, input.Tags),
    UntagInstanceProfile: (input, context) =>
      ofProfile.remove(context, input.InstanceProfileName, input.TagKeys),
    ListInstanceProfileTags: (input, context) => ofProfile.list(context, input.InstanceProfileName, input),
  };
}

function operationsOn<T extends Tagged>(
  directory: Directory,
  existing: (scope: Scope, name: string) => T,
  put: (scope: Scope, record: T) => void,
) {
  const change = (scope: Scope, name: string, changed: (held: Tags) => Record<string, string>) =>
    directory.transaction(() => {
      const record = existing(scope, name);
      put(scope, { ...record, tags: changed(record.tags) });
      return {};
    });
  return {
    add: (caller: Caller, name: string, tags: Given) =>
      change(caller, name, (held) => tagging.add(held, tags, caller)),
    remove: (caller: Caller, name: string, keys: string[]) =>
      change(caller, name, (held) => tagging.remove(held, keys, caller)),
    list(scope: Scope, name: string, input: ListInput) {
      const page = pageOfParts(listTags(existing(scope, name).tags), (tag) => tag.Key, input);
      return { Tags: page.items, ...pagingOf(page) };
    },
  };
}
