// Users: create, get, list, update, delete. Requests need no user: every access key is accepted, and no secret is
// checked.

import type { User } from '@aws-sdk/client-iam';
import type { Records } from '../../../aws/records.ts';
import { partitionOf, type Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { mustFirst, validation } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, pageBelow, pagingOf } from '../lists.ts';
import type { UserRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';
import { viewBoundary } from './boundaries.ts';

const userPages = iamPages('users');

/** Throws EntityAlreadyExists or LimitExceeded. */
export const CreateUser: Operation<'CreateUser'> = (iam, input, context) => {
  const user: UserRecord = {
    name: input.UserName,
    path: pathOf(input.Path),
    id: newId('AIDA'),
    inline: {},
    attached: [],
    groups: [],
    accessKeys: [],
    ...(input.PermissionsBoundary && { boundary: input.PermissionsBoundary }),
    tags: tagging.add({}, input.Tags, context),
    createdAt: iam.clock.now(),
  };
  iam.store.transaction(() => iam.records.users.add(context, user));
  return { User: view(context, user) };
};

/** AWS: without a name, returns the caller, which is always the account's root user here. */
export const GetUser: Operation<'GetUser'> = (iam, input, context) => {
  if (input.UserName) return { User: view(context, iam.records.users.existing(context, input.UserName)) };
  const Arn = `arn:${partitionOf(context.region)}:iam::${context.accountId}:root`;
  const CreateDate = new Date(0);
  return { User: { UserName: 'root', UserId: context.accountId, Arn, Path: '/', CreateDate } };
};

export const ListUsers: Operation<'ListUsers'> = async (iam, input, context) => {
  const page = await pageBelow(userPages, iam.records.users, context, input);
  // AWS: lists leave out tags and boundaries.
  const Users = page.items.map((user) => {
    const { Tags: _tags, PermissionsBoundary: _boundary, ...rest } = view(context, user);
    return rest;
  });
  return { Users, ...pagingOf(page) };
};

/** Throws DeleteConflict while the user has keys, groups, policies or a login profile. */
export const DeleteUser: Operation<'DeleteUser'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const user = iam.records.users.existing(context, input.UserName);
    if (user.loginProfile) throw mustFirst('delete login profile');
    if (user.accessKeys.length > 0) throw mustFirst('delete access keys');
    if (user.groups.length > 0) throw mustFirst('remove users from group');
    if (user.attached.length > 0) throw mustFirst('detach all policies');
    if (Object.keys(user.inline).length > 0) throw mustFirst('delete policies');
    iam.records.users.remove(context, user.name);
  });
  return {};
};

/** Changes the name, the path or both. Keys, groups and policies stay. */
export const UpdateUser: Operation<'UpdateUser'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const before = iam.records.users.existing(context, input.UserName);
    replace(
      iam.records.users,
      context,
      before,
      renamed(before, { name: input.NewUserName, path: input.NewPath }),
    );
  });
  return {};
};

/** AWS: without a name, the operation is on the caller, who is never a user here. Throws ValidationError. */
export function requiredName(name: string | undefined): string {
  if (!name) throw validation('Must specify userName when calling with non-User credentials');
  return name;
}

/** A copy of the record with the new name and path, where they are given. */
export const renamed = <T extends { name: string; path: string }>(
  record: T,
  { name, path }: { name: string | undefined; path: string | undefined },
): T => ({ ...record, ...(name && { name }), ...(path && { path }) });

/**
 * Replaces one record by another, which may have another name. Throws EntityAlreadyExists if a third record has that
 * name.
 */
export function replace<T extends { name: string }>(
  records: Records<T>,
  scope: Scope,
  before: T,
  after: T,
): void {
  records.remove(scope, before.name);
  records.add(scope, after);
}

/** AWS's view of a user, with tags and boundary. */
export const view = (scope: Scope, user: UserRecord): User => ({
  UserName: user.name,
  UserId: user.id,
  Arn: arnOf(scope, 'user', user),
  Path: user.path,
  CreateDate: new Date(user.createdAt),
  PermissionsBoundary: viewBoundary(user),
  Tags: Object.keys(user.tags).length > 0 ? listTags(user.tags) : undefined,
});
