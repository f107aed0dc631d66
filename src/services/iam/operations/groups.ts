// Groups of users: create, get, list, update, delete, and their members.

import type { Group } from '@aws-sdk/client-iam';
import type { Scope } from '../../../aws/scope.ts';
import { mustFirst } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, pageBelow, pageBy, pageOfParts, pagingOf } from '../lists.ts';
import type { GroupRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { renamed, replace, view as viewUser } from './users.ts';

const groupPages = iamPages('groups');
const memberPages = iamPages('members of a group');

/** Throws EntityAlreadyExists or LimitExceeded. */
export const CreateGroup: Operation<'CreateGroup'> = (iam, input, context) => {
  const group: GroupRecord = {
    name: input.GroupName,
    path: pathOf(input.Path),
    id: newId('AGPA'),
    inline: {},
    attached: [],
    tags: {},
    createdAt: iam.clock.now(),
  };
  iam.store.transaction(() => iam.records.groups.add(context, group));
  return { Group: view(context, group) };
};

/** Returns the group with a page of its members. */
export const GetGroup: Operation<'GetGroup'> = (iam, input, context) => {
  const group = iam.records.groups.existing(context, input.GroupName);
  const page = pageBy(memberPages, iam.records.users, context, ['group', group.name], input);
  const Users = page.items.map((user) => viewUser(context, user));
  return { Group: view(context, group), Users, ...pagingOf(page) };
};

export const ListGroups: Operation<'ListGroups'> = async (iam, input, context) => {
  const page = await pageBelow(groupPages, iam.records.groups, context, input);
  return { Groups: page.items.map((group) => view(context, group)), ...pagingOf(page) };
};

export const ListGroupsForUser: Operation<'ListGroupsForUser'> = (iam, input, context) => {
  const user = iam.records.users.existing(context, input.UserName);
  const page = pageOfParts(user.groups, (name) => name, input);
  const Groups = page.items.map((name) => view(context, iam.records.groups.existing(context, name)));
  return { Groups, ...pagingOf(page) };
};

/** Changes the name, the path or both. Members and policies stay. */
export const UpdateGroup: Operation<'UpdateGroup'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const before = iam.records.groups.existing(context, input.GroupName);
    const after = renamed(before, { name: input.NewGroupName, path: input.NewPath });
    replace(iam.records.groups, context, before, after);
    for (const user of iam.records.users.by(context, 'group', before.name)) {
      const groups = user.groups.map((name) => (name === before.name ? after.name : name));
      iam.records.users.put(context, { ...user, groups });
    }
  });
  return {};
};

/** Throws DeleteConflict while the group has members or policies. */
export const DeleteGroup: Operation<'DeleteGroup'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const group = iam.records.groups.existing(context, input.GroupName);
    if (iam.records.users.countBy(context, 'group', group.name) > 0) {
      throw mustFirst('remove users from group');
    }
    if (group.attached.length > 0) throw mustFirst('detach all policies');
    if (Object.keys(group.inline).length > 0) throw mustFirst('delete policies');
    iam.records.groups.remove(context, group.name);
  });
  return {};
};

/** Repeating it changes nothing. Throws NoSuchEntity. */
export const AddUserToGroup: Operation<'AddUserToGroup'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const group = iam.records.groups.existing(context, input.GroupName);
    const user = iam.records.users.existing(context, input.UserName);
    const groups = [...new Set([...user.groups, group.name])];
    iam.records.users.put(context, { ...user, groups });
  });
  return {};
};

/** Succeeds for a user who is not a member, too. */
export const RemoveUserFromGroup: Operation<'RemoveUserFromGroup'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const group = iam.records.groups.existing(context, input.GroupName);
    const user = iam.records.users.existing(context, input.UserName);
    iam.records.users.put(context, { ...user, groups: user.groups.filter((name) => name !== group.name) });
  });
  return {};
};

const view = (scope: Scope, group: GroupRecord): Group => ({
  GroupName: group.name,
  GroupId: group.id,
  Arn: arnOf(scope, 'group', group),
  Path: group.path,
  CreateDate: new Date(group.createdAt),
});
