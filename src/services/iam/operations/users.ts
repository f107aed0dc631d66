// Users and their access keys. Nobody has to be one: every key is let in, and its secret is never asked for.

import type { User } from '@aws-sdk/client-iam';
import { listTags } from '../../../aws/tags.ts';
import { randomHex } from '../../../kernel/ids.ts';
import { partitionOf, type Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { limitExceeded, mustFirst, noSuchEntity, validation } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { below, listPage } from '../lists.ts';
import type { UserRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { tagging } from '../tags.ts';

const MAX_KEYS = 2;

export function createUser(directory: Directory): HandlerOf<Iam, 'CreateUser'> {
  return (input, context) => {
    const user: UserRecord = {
      name: input.UserName,
      path: pathOf(input.Path),
      id: newId('AIDA'),
      inline: {},
      attached: [],
      groups: [],
      accessKeys: [],
      tags: tagging.add({}, input.Tags, context),
      createdAt: directory.now(),
    };
    directory.transaction(() => directory.users.add(context, user));
    return { User: view(context, user) };
  };
}

/** AWS: without a name, whoever asks; that is root here. */
export function getUser(directory: Directory): HandlerOf<Iam, 'GetUser'> {
  return (input, context) => {
    if (input.UserName) return { User: view(context, directory.users.existing(context, input.UserName)) };
    const Arn = `arn:${partitionOf(context.region)}:iam::${context.accountId}:root`;
    const CreateDate = new Date(0);
    return { User: { UserName: 'root', UserId: context.accountId, Arn, Path: '/', CreateDate } };
  };
}

export function listUsers(directory: Directory): HandlerOf<Iam, 'ListUsers'> {
  return (input, context) => {
    const { items, paging } = listPage(below(directory.users.list(context), input), (one) => one.name, input);
    return { Users: items.map((user) => ({ ...view(context, user), Tags: undefined })), ...paging };
  };
}

export function deleteUser(directory: Directory): HandlerOf<Iam, 'DeleteUser'> {
  return (input, context) => {
    directory.transaction(() => {
      const user = directory.users.existing(context, input.UserName);
      if (user.accessKeys.length > 0) throw mustFirst('delete access keys');
      if (user.groups.length > 0) throw mustFirst('remove users from group');
      if (user.attached.length > 0) throw mustFirst('detach all policies');
      if (Object.keys(user.inline).length > 0) throw mustFirst('delete policies');
      directory.users.remove(context, user.name);
    });
    return {};
  };
}

export function createAccessKey(directory: Directory): HandlerOf<Iam, 'CreateAccessKey'> {
  return (input, context) =>
    directory.transaction(() => {
      const user = directory.users.existing(context, nameOf(input.UserName));
      if (user.accessKeys.length >= MAX_KEYS) throw limitExceeded('AccessKeysPerUser', MAX_KEYS);
      const key = { accessKeyId: newId('AKIA').slice(0, 20), isActive: true, createdAt: directory.now() };
      directory.users.put(context, { ...user, accessKeys: [...user.accessKeys, key] });
      return {
        AccessKey: { ...viewKey(user, key), SecretAccessKey: randomHex(40) },
      };
    });
}

export function listAccessKeys(directory: Directory): HandlerOf<Iam, 'ListAccessKeys'> {
  return (input, context) => {
    if (!input.UserName) return { AccessKeyMetadata: [], IsTruncated: false };
    const user = directory.users.existing(context, input.UserName);
    return { AccessKeyMetadata: user.accessKeys.map((key) => viewKey(user, key)), IsTruncated: false };
  };
}

export function deleteAccessKey(directory: Directory): HandlerOf<Iam, 'DeleteAccessKey'> {
  return (input, context) => {
    directory.transaction(() => {
      const user = directory.users.existing(context, nameOf(input.UserName));
      const accessKeys = user.accessKeys.filter((one) => one.accessKeyId !== input.AccessKeyId);
      if (accessKeys.length === user.accessKeys.length) {
        throw noSuchEntity(`The Access Key with id ${input.AccessKeyId} cannot be found.`);
      }
      directory.users.put(context, { ...user, accessKeys });
    });
    return {};
  };
}

const nameOf = (name: string | undefined): string => {
  if (!name) throw validation('Must specify userName when calling with non-User credentials');
  return name;
};

const viewKey = (user: UserRecord, key: UserRecord['accessKeys'][number]) => ({
  UserName: user.name,
  AccessKeyId: key.accessKeyId,
  Status: key.isActive ? ('Active' as const) : ('Inactive' as const),
  CreateDate: new Date(key.createdAt),
});

export const view = (scope: Scope, user: UserRecord): User => ({
  UserName: user.name,
  UserId: user.id,
  Arn: arnOf(scope, 'user', user),
  Path: user.path,
  CreateDate: new Date(user.createdAt),
  Tags: Object.keys(user.tags).length > 0 ? listTags(user.tags) : undefined,
});
