// Permissions boundaries of roles and users. Like all policies, they are recorded and not enforced.

import type { AttachedPermissionsBoundary } from '@aws-sdk/client-iam';
import { modifiable } from '../records.ts';
import type { Operation } from '../sdk.ts';

/** Records the ARN without checking that the policy exists. */
export const PutRolePermissionsBoundary: Operation<'PutRolePermissionsBoundary'> = (
  iam,
  { RoleName, PermissionsBoundary: boundary },
  context,
) => {
  iam.store.transaction(() =>
    iam.records.roles.change(context, RoleName, (role) => ({ ...modifiable(role), boundary })),
  );
  return {};
};

/** Succeeds for a role without a boundary, too. */
export const DeleteRolePermissionsBoundary: Operation<'DeleteRolePermissionsBoundary'> = (
  iam,
  { RoleName },
  context,
) => {
  iam.store.transaction(() =>
    iam.records.roles.change(context, RoleName, (role) => void delete modifiable(role).boundary),
  );
  return {};
};

/** Records the ARN without checking that the policy exists. */
export const PutUserPermissionsBoundary: Operation<'PutUserPermissionsBoundary'> = (
  iam,
  { UserName, PermissionsBoundary: boundary },
  context,
) => {
  iam.store.transaction(() => iam.records.users.change(context, UserName, (user) => ({ ...user, boundary })));
  return {};
};

/** Succeeds for a user without a boundary, too. */
export const DeleteUserPermissionsBoundary: Operation<'DeleteUserPermissionsBoundary'> = (
  iam,
  { UserName },
  context,
) => {
  iam.store.transaction(() =>
    iam.records.users.change(context, UserName, (user) => void delete user.boundary),
  );
  return {};
};

/** AWS's view of a boundary; `undefined` if the principal has none. */
export const viewBoundary = ({ boundary }: { boundary?: string }): AttachedPermissionsBoundary | undefined =>
  boundary === undefined
    ? undefined
    : {
        PermissionsBoundaryArn: boundary,
        // AWS: the value is `Policy`, although the model has PermissionsBoundaryPolicy.
        PermissionsBoundaryType: 'Policy' as 'PermissionsBoundaryPolicy',
      };
