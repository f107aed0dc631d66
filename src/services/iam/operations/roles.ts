// Roles: create, get, list, update, delete, and change the policy that says who may assume one.

import type { Role } from '@aws-sdk/client-iam';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { Iam } from '../context.ts';
import { mustFirst } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, pageBelow, pagingOf } from '../lists.ts';
import { checkPolicyDocument, encodeDocument } from '../policy-document.ts';
import { modifiable, type RoleRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';
import { viewBoundary } from './boundaries.ts';

const MAX_TRUST_POLICY = 4_096;
const DEFAULT_SESSION_SECONDS = 3_600;

const rolePages = iamPages('roles');

/** Throws MalformedPolicyDocument, EntityAlreadyExists or LimitExceeded. */
export const CreateRole: Operation<'CreateRole'> = (iam, input, context) => {
  const role: RoleRecord = {
    name: input.RoleName,
    path: pathOf(input.Path),
    id: newId('AROA'),
    trustPolicy: trustPolicyOf(input.AssumeRolePolicyDocument),
    ...descriptionOf(input.Description),
    maxSessionSeconds: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
    ...(input.PermissionsBoundary && { boundary: input.PermissionsBoundary }),
    inline: {},
    attached: [],
    tags: tagging.add({}, input.Tags, context),
    createdAt: iam.clock.now(),
  };
  iam.store.transaction(() => iam.records.roles.add(context, role));
  return { Role: viewRole(context, role) };
};

export const GetRole: Operation<'GetRole'> = (iam, input, context) => ({
  // AWS: only GetRole returns RoleLastUsed. Millpond does not record the use of roles.
  Role: { ...viewRole(context, iam.records.roles.existing(context, input.RoleName)), RoleLastUsed: {} },
});

export const ListRoles: Operation<'ListRoles'> = async (iam, input, context) => {
  const page = await pageBelow(rolePages, iam.records.roles, context, input);
  // AWS: lists leave out tags and boundaries.
  const Roles = page.items.map((role) => {
    const { Tags: _tags, PermissionsBoundary: _boundary, ...rest } = viewRole(context, role);
    return rest;
  });
  return { Roles, ...pagingOf(page) };
};

/** Changes the members that the request gives. Throws UnmodifiableEntity for a service-linked role. */
export const UpdateRole: Operation<'UpdateRole'> = (iam, input, context) => {
  const session =
    input.MaxSessionDuration === undefined ? {} : { maxSessionSeconds: input.MaxSessionDuration };
  change(iam, context, input.RoleName, (role) => ({
    ...role,
    ...descriptionOf(input.Description),
    ...session,
  }));
  return {};
};

/** Like UpdateRole, and returns the role. */
export const UpdateRoleDescription: Operation<'UpdateRoleDescription'> = (iam, input, context) => {
  const description = descriptionOf(input.Description);
  return {
    Role: viewRole(
      context,
      change(iam, context, input.RoleName, (role) => ({ ...role, ...description })),
    ),
  };
};

/** Throws MalformedPolicyDocument, or UnmodifiableEntity for a service-linked role. */
export const UpdateAssumeRolePolicy: Operation<'UpdateAssumeRolePolicy'> = (iam, input, context) => {
  const trustPolicy = trustPolicyOf(input.PolicyDocument);
  change(iam, context, input.RoleName, (role) => ({ ...role, trustPolicy }));
  return {};
};

/** Throws DeleteConflict while the role has policies or is in an instance profile. */
export const DeleteRole: Operation<'DeleteRole'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const role = modifiable(iam.records.roles.existing(context, input.RoleName));
    if (iam.records.instanceProfiles.countBy(context, 'role', role.name) > 0) {
      throw mustFirst('remove roles from instance profile');
    }
    if (role.attached.length > 0) throw mustFirst('detach all policies');
    if (Object.keys(role.inline).length > 0) throw mustFirst('delete policies');
    iam.records.roles.remove(context, role.name);
  });
  return {};
};

/** AWS's view of a role, with tags and boundary. */
export const viewRole = (scope: Scope, role: RoleRecord): Role => ({
  RoleName: role.name,
  RoleId: role.id,
  Arn: arnOf(scope, 'role', role),
  Path: role.path,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
  PermissionsBoundary: viewBoundary(role),
  Tags: Object.keys(role.tags).length > 0 ? listTags(role.tags) : undefined,
});

function change(iam: Iam, scope: Scope, name: string, changed: (role: RoleRecord) => RoleRecord): RoleRecord {
  return iam.store.transaction(() =>
    iam.records.roles.change(scope, name, (role) => changed(modifiable(role))),
  );
}

function trustPolicyOf(text: string): string {
  checkPolicyDocument(text, 'trust', 'ACLSizePerRole', MAX_TRUST_POLICY);
  return text;
}

const descriptionOf = (text: string | undefined): { description?: string } =>
  text === undefined ? {} : { description: text };
