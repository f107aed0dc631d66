// Groups of users.

import type { Group } from '@aws-sdk/client-iam';
import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { mustFirst } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { below, listPage } from '../lists.ts';
import type { GroupRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { view as viewUser } from './users.ts';

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
    const members = directory.users.list(context).filter((user) => user.groups.includes(group.name));
    const { items, paging } = listPage(members, (one) => one.name, input);
    return { Group: view(context, group), Users: items.map((user) => viewUser(context, user)), ...paging };
  };
}

export function listGroups(directory: Directory): HandlerOf<Iam, 'ListGroups'> {
  return (input, context) => {
    const { items, paging } = listPage(
      below(directory.groups.list(context), input),
      (one) => one.name,
      input,
    );
    return { Groups: items.map((group) => view(context, group)), ...paging };
  };
}

export function listGroupsForUser(directory: Directory): HandlerOf<Iam, 'ListGroupsForUser'> {
  return (input, context) => {
    const user = directory.users.existing(context, input.UserName);
    const { items, paging } = listPage(user.groups, (name) => name, input);
    return {
      Groups: items.map((name) => view(context, directory.groups.existing(context, name))),
      ...paging,
    };
  };
}

export function deleteGroup(directory: Directory): HandlerOf<Iam, 'DeleteGroup'> {
  return (input, context) => {
    directory.transaction(() => {
      const group = directory.groups.existing(context, input.GroupName);
      if (directory.users.list(context).some((user) => user.groups.includes(group.name))) {
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
