// Access keys of users. They are only records: requests are accepted with any access key.

import { randomHex } from '../../../kernel/ids.ts';
import { limitExceeded, noSuchAccessKey } from '../faults.ts';
import { newId } from '../identifiers.ts';
import { pageOfParts, pagingOf } from '../lists.ts';
import type { UserRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { requiredName } from './users.ts';

const MAX_KEYS = 2;

/** Returns the secret, which is not stored. Throws LimitExceeded for a third key. */
export const CreateAccessKey: Operation<'CreateAccessKey'> = (iam, input, context) =>
  iam.store.transaction(() => {
    const user = iam.records.users.existing(context, requiredName(input.UserName));
    if (user.accessKeys.length >= MAX_KEYS) throw limitExceeded('AccessKeysPerUser', MAX_KEYS);
    const key = { accessKeyId: newId('AKIA').slice(0, 20), isActive: true, createdAt: iam.clock.now() };
    iam.records.users.put(context, { ...user, accessKeys: [...user.accessKeys, key] });
    return {
      AccessKey: { ...viewKey(user, key), SecretAccessKey: randomHex(40) },
    };
  });

/** AWS: without a name, lists the keys of the caller. The root user has none here. */
export const ListAccessKeys: Operation<'ListAccessKeys'> = (iam, input, context) => {
  if (!input.UserName) return { AccessKeyMetadata: [], IsTruncated: false };
  const user = iam.records.users.existing(context, input.UserName);
  const page = pageOfParts(user.accessKeys, ({ accessKeyId }) => accessKeyId, input);
  return { AccessKeyMetadata: page.items.map((key) => viewKey(user, key)), ...pagingOf(page) };
};

/** Records the status. Millpond accepts inactive keys too. */
export const UpdateAccessKey: Operation<'UpdateAccessKey'> = (iam, input, context) => {
  iam.store.transaction(() => {
    iam.records.users.change(context, requiredName(input.UserName), (user) => {
      const key = user.accessKeys.find((one) => one.accessKeyId === input.AccessKeyId);
      if (!key) throw noSuchAccessKey(input.AccessKeyId);
      key.isActive = input.Status === 'Active';
    });
  });
  return {};
};

/** AWS: a key that was never used has `N/A` as its service and region. Millpond does not record the use of keys. */
export const GetAccessKeyLastUsed: Operation<'GetAccessKeyLastUsed'> = (iam, input, context) => {
  const [user] = iam.records.users.by(context, 'accessKey', input.AccessKeyId);
  if (!user) throw noSuchAccessKey(input.AccessKeyId);
  const AccessKeyLastUsed = { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' };
  return { UserName: user.name, AccessKeyLastUsed };
};

/** Throws NoSuchEntity if the user does not have the key. */
export const DeleteAccessKey: Operation<'DeleteAccessKey'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const user = iam.records.users.existing(context, requiredName(input.UserName));
    const accessKeys = user.accessKeys.filter((one) => one.accessKeyId !== input.AccessKeyId);
    if (accessKeys.length === user.accessKeys.length) {
      throw noSuchAccessKey(input.AccessKeyId);
    }
    iam.records.users.put(context, { ...user, accessKeys });
  });
  return {};
};

const viewKey = (user: UserRecord, key: UserRecord['accessKeys'][number]) => ({
  UserName: user.name,
  AccessKeyId: key.accessKeyId,
  Status: key.isActive ? ('Active' as const) : ('Inactive' as const),
  CreateDate: new Date(key.createdAt),
});
