// Permissions boundaries of roles and users: recorded, as all policies are.

import type { AttachedPermissionsBoundary } from '@aws-sdk/client-iam';
import type { Handlers } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { modifiable } from '../records.ts';
import type { Iam } from '../service.ts';

export function boundaryOperations({ roles, users, transaction }: Directory): Handlers<Iam> {
  const done = (work: () => unknown) => {
    transaction(work);
    return {};
  };
  return {
    PutRolePermissionsBoundary: ({ RoleName, PermissionsBoundary: boundary }, context) =>
      done(() => roles.change(context, RoleName, (role) => ({ ...modifiable(role), boundary }))),
    DeleteRolePermissionsBoundary: ({ RoleName }, context) =>
      done(() => roles.change(context, RoleName, (role) => void delete modifiable(role).boundary)),
    PutUserPermissionsBoundary: ({ UserName, PermissionsBoundary: boundary }, context) =>
      done(() => users.change(context, UserName, (user) => ({ ...user, boundary }))),
    DeleteUserPermissionsBoundary: ({ UserName }, context) =>
      done(() => users.change(context, UserName, (user) => void delete user.boundary)),
  };
}

export const viewBoundary = ({ boundary }: { boundary?: string }): AttachedPermissionsBoundary | undefined =>
  boundary === undefined
    ? undefined
    : {
        PermissionsBoundaryArn: boundary,
        // AWS: `Policy`, whatever its model says.
        PermissionsBoundaryType: 'Policy' as 'PermissionsBoundaryPolicy',
      };
