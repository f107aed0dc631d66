// Login profiles record that a user has a console password. The password is not stored, since there is no console.

import type { LoginProfile } from '@aws-sdk/client-iam';
import { loginProfileExists, noLoginProfile } from '../faults.ts';
import type { UserRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { requiredName } from './users.ts';

/** Ignores the password. Throws EntityAlreadyExists. */
export const CreateLoginProfile: Operation<'CreateLoginProfile'> = (iam, input, context) =>
  iam.store.transaction(() => {
    const user = iam.records.users.change(context, requiredName(input.UserName), (record) => {
      if (record.loginProfile) throw loginProfileExists(record.name);
      record.loginProfile = {
        createdAt: iam.clock.now(),
        mustChange: input.PasswordResetRequired ?? false,
      };
    });
    return { LoginProfile: view(user) };
  });

export const GetLoginProfile: Operation<'GetLoginProfile'> = (iam, input, context) => ({
  LoginProfile: view(iam.records.users.existing(context, requiredName(input.UserName))),
});

/** Ignores the password. Throws NoSuchEntity. */
export const UpdateLoginProfile: Operation<'UpdateLoginProfile'> = (iam, input, context) => {
  iam.store.transaction(() => {
    iam.records.users.change(context, input.UserName, (user) => {
      const profile = profileOf(user);
      profile.mustChange = input.PasswordResetRequired ?? profile.mustChange;
    });
  });
  return {};
};

/** Throws NoSuchEntity if the user has none. */
export const DeleteLoginProfile: Operation<'DeleteLoginProfile'> = (iam, input, context) => {
  iam.store.transaction(() => {
    iam.records.users.change(context, requiredName(input.UserName), (user) => {
      profileOf(user);
      delete user.loginProfile;
    });
  });
  return {};
};

function profileOf(user: UserRecord): NonNullable<UserRecord['loginProfile']> {
  if (!user.loginProfile) throw noLoginProfile(user.name);
  return user.loginProfile;
}

function view(user: UserRecord): LoginProfile {
  const { createdAt, mustChange } = profileOf(user);
  return { UserName: user.name, CreateDate: new Date(createdAt), PasswordResetRequired: mustChange };
}
