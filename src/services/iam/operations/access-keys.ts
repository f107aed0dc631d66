// Access keys of users. Every key is let in, whatever is recorded of it.

import { randomHex } from '../../../kernel/ids.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { limitExceeded, noSuchAccessKey, validation } from '../faults.ts';
import { newId } from '../identifiers.ts';
import { pageOfParts, pagingOf } from '../lists.ts';
import type { UserRecord } from '../records.ts';
import type { Iam } from '../service.ts';

const MAX_KEYS = 2;

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
    const page = pageOfParts(user.accessKeys, ({ accessKeyId }) => accessKeyId, input);
    return { AccessKeyMetadata: page.items.map((key) => viewKey(user, key)), ...pagingOf(page) };
  };
}

export function updateAccessKey(directory: Directory): HandlerOf<Iam, 'UpdateAccessKey'> {
  return (input, context) => {
    directory.transaction(() => {
      directory.users.change(context, nameOf(input.UserName), (user) => {
        const key = user.accessKeys.find((one) => one.accessKeyId === input.AccessKeyId);
        if (!key) throw noSuchAccessKey(input.AccessKeyId);
        key.isActive = input.Status === 'Active';
      });
    });
    return {};
  };
}

/** AWS: of a key that was never used, the words below. No use of a key is recorded here. */
export function getAccessKeyLastUsed(directory: Directory): HandlerOf<Iam, 'GetAccessKeyLastUsed'> {
  return (input, context) => {
    const [user] = directory.users.by(context, 'accessKey', input.AccessKeyId);
    if (!user) throw noSuchAccessKey(input.AccessKeyId);
    const AccessKeyLastUsed = { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' };
    return { UserName: user.name, AccessKeyLastUsed };
  };
}

export function deleteAccessKey(directory: Directory): HandlerOf<Iam, 'DeleteAccessKey'> {
  return (input, context) => {
    directory.transaction(() => {
      const user = directory.users.existing(context, nameOf(input.UserName));
      const accessKeys = user.accessKeys.filter((one) => one.accessKeyId !== input.AccessKeyId);
      if (accessKeys.length === user.accessKeys.length) {
        throw noSuchAccessKey(input.AccessKeyId);
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
