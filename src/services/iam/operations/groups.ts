// Groups of users.

import type { Group } from '@aws-sdk/client-iam';
import type { Scope } from '../../../aws/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { mustFirst } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, pageBelow, pageBy, pageOfParts, pagingOf } from '../lists.ts';
import type { GroupRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { renamed, replace, view as viewUser } from './users.ts';

const groupPages = iamPages('groups');
const memberPages = iamPages('members of a group');

export function createGroup(directory: Directory): HandlerOf<Iam, 'CreateGroup'> {
  return (input, context) => {
    const group: GroupRecord = {
      name: input.GroupName,
      path: pathOf(input.Path),
      id: newId('AGPA'),
      inline: {},
      attached: [],
      tags: {},
      createdAt: directory.now(),
    };
    directory.transaction(() => directory.groups.add(context, group));
    return { Group: view(context, group) };
  };
}

export function getGroup(directory: Directory): HandlerOf<Iam, 'GetGroup'> {
  return (input, context) => {
    const group = directory.groups.existing(context, input.GroupName);
    const page = pageBy(memberPages, directory.users, context, ['group', group.name], input);
    const Users = page.items.map((user) => viewUser(context, user));
    return { Group: view(context, group), Users, ...pagingOf(page) };
  };
}

export function listGroups(directory: Directory): HandlerOf<Iam, 'ListGroups'> {
  return async (input, context) => {
    const page = await pageBelow(groupPages, directory.groups, context, input);
    return { Groups: page.items.map((group) => view(context, group)), ...pagingOf(page) };
  };
}

export function listGroupsForUser(directory: Directory): HandlerOf<Iam, 'ListGroupsForUser'> {
  return (input, context) => {
    const user = directory.users.existing(context, input.UserName);
    const page = pageOfParts(user.groups, (name) => name, input);
    const Groups = page.items.map((name) => view(context, directory.groups.existing(context, name)));
    return { Groups, ...pagingOf(page) };
  };
}

/** A new name, a new path, or both; its members and policies stay. */
export function updateGroup(directory: Directory): HandlerOf<Iam, 'UpdateGroup'> {
  return (input, context) => {
    directory.transaction(() => {
      const before = directory.groups.existing(context, input.GroupName);
      const after = renamed(before, { name: input.NewGroupName, path: input.NewPath });
      replace(directory.groups, context, before, after);
      for (const user of directory.users.by(context, 'group', before.name)) {
        const groups = user.groups.map((name) => (name === before.name ? after.name : name));
        directory.users.put(context, { ...user, groups });
      }
    });
    return {};
  };
}

export function deleteGroup(directory: Directory): HandlerOf<Iam, 'DeleteGroup'> {
  return (input, context) => {
    directory.transaction(() => {
      const group = directory.groups.existing(context, input.GroupName);
      if (directory.users.countBy(context, 'group', group.name) > 0) {
        throw mustFirst('remove users from group');
      }
      if (group.attached.length > 0) throw mustFirst('detach all policies');
      if (Object.keys(group.inline).length > 0) throw mustFirst('delete policies');
      directory.groups.remove(context, group.name);
    });
    return {};
  };
}

export function addUserToGroup(directory: Directory): HandlerOf<Iam, 'AddUserToGroup'> {
  return (input, context) => {
    directory.transaction(() => {
      const group = directory.groups.existing(context, input.GroupName);
      const user = directory.users.existing(context, input.UserName);
      const groups = [...new Set([...user.groups, group.name])];
      directory.users.put(context, { ...user, groups });
    });
    return {};
  };
}

export function removeUserFromGroup(directory: Directory): HandlerOf<Iam, 'RemoveUserFromGroup'> {
  return (input, context) => {
    directory.transaction(() => {
      const group = directory.groups.existing(context, input.GroupName);
      const user = directory.users.existing(context, input.UserName);
      directory.users.put(context, { ...user, groups: user.groups.filter((name) => name !== group.name) });
    });
    return {};
  };
}

const view = (scope: Scope, group: GroupRecord): Group => ({
  GroupName: group.name,
  GroupId: group.id,
  Arn: arnOf(scope, 'group', group),
  Path: group.path,
  CreateDate: new Date(group.createdAt),
});
