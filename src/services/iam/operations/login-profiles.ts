// Login profiles: that a user has a password for the console. The password is not kept, as there is no console.

import type { LoginProfile } from '@aws-sdk/client-iam';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { loginProfileExists, noLoginProfile, validation } from '../faults.ts';
import type { UserRecord } from '../records.ts';
import type { Iam } from '../service.ts';

export function createLoginProfile(directory: Directory): HandlerOf<Iam, 'CreateLoginProfile'> {
  return (input, context) =>
    directory.transaction(() => {
      const user = directory.users.change(context, nameOf(input.UserName), (record) => {
        if (record.loginProfile) throw loginProfileExists(record.name);
        record.loginProfile = {
          createdAt: directory.now(),
          mustChange: input.PasswordResetRequired ?? false,
        };
      });
      return { LoginProfile: view(user) };
    });
}

export function getLoginProfile(directory: Directory): HandlerOf<Iam, 'GetLoginProfile'> {
  return (input, context) => ({
    LoginProfile: view(directory.users.existing(context, nameOf(input.UserName))),
  });
}

export function updateLoginProfile(directory: Directory): HandlerOf<Iam, 'UpdateLoginProfile'> {
  return (input, context) => {
    directory.transaction(() => {
      directory.users.change(context, input.UserName, (user) => {
        const profile = profileOf(user);
        profile.mustChange = input.PasswordResetRequired ?? profile.mustChange;
      });
    });
    return {};
  };
}

export function deleteLoginProfile(directory: Directory): HandlerOf<Iam, 'DeleteLoginProfile'> {
  return (input, context) => {
    directory.transaction(() => {
      directory.users.change(context, nameOf(input.UserName), (user) => {
        profileOf(user);
        delete user.loginProfile;
      });
    });
    return {};
  };
}

function profileOf(user: UserRecord): NonNullable<UserRecord['loginProfile']> {
  if (!user.loginProfile) throw noLoginProfile(user.name);
  return user.loginProfile;
}

function view(user: UserRecord): LoginProfile {
  const { createdAt, mustChange } = profileOf(user);
  return { UserName: user.name, CreateDate: new Date(createdAt), PasswordResetRequired: mustChange };
}

const nameOf = (name: string | undefined): string => {
  if (!name) throw validation('Must specify userName when calling with non-User credentials');
  return name;
};
