// Roles: create, get, list, update, delete, and who may assume them.

import type { Role } from '@aws-sdk/client-iam';
import { listTags } from '../../../aws/tags.ts';
import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { mustFirst } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { below, listPage } from '../lists.ts';
import { checkPolicyDocument, encodeDocument } from '../policy-document.ts';
import type { RoleRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { tagging } from '../tags.ts';

const MAX_TRUST_POLICY = 4_096;
const USUAL_SESSION_SECONDS = 3_600;

export function createRole(directory: Directory): HandlerOf<Iam, 'CreateRole'> {
  return (input, context) => {
    const role: RoleRecord = {
      name: input.RoleName,
      path: pathOf(input.Path),
      id: newId('AROA'),
      trustPolicy: trustPolicyOf(input.AssumeRolePolicyDocument),
      ...descriptionOf(input.Description),
      maxSessionSeconds: input.MaxSessionDuration ?? USUAL_SESSION_SECONDS,
      ...(input.PermissionsBoundary && { boundary: input.PermissionsBoundary }),
      inline: {},
      attached: [],
      tags: tagging.add({}, input.Tags, context),
      createdAt: directory.now(),
    };
    directory.transaction(() => directory.roles.add(context, role));
    return { Role: viewRole(context, role) };
  };
}

export function getRole(directory: Directory): HandlerOf<Iam, 'GetRole'> {
  return (input, context) => ({ Role: viewRole(context, directory.roles.existing(context, input.RoleName)) });
}

export function listRoles(directory: Directory): HandlerOf<Iam, 'ListRoles'> {
  return (input, context) => {
    const { items, paging } = listPage(
      below(directory.roles.list(context), input),
      (role) => role.name,
      input,
    );
    // AWS: lists leave out tags and boundaries.
    const Roles = items.map((role) => {
      const { Tags: _tags, PermissionsBoundary: _boundary, ...rest } = viewRole(context, role);
      return rest;
    });
    return { Roles, ...paging };
  };
}

export function updateRole(directory: Directory): HandlerOf<Iam, 'UpdateRole'> {
  return (input, context) => {
    const session =
      input.MaxSessionDuration === undefined ? {} : { maxSessionSeconds: input.MaxSessionDuration };
    change(directory, context, input.RoleName, (role) => ({
      ...role,
      ...descriptionOf(input.Description),
      ...session,
    }));
    return {};
  };
}

export function updateRoleDescription(directory: Directory): HandlerOf<Iam, 'UpdateRoleDescription'> {
  return (input, context) => {
    const description = descriptionOf(input.Description);
    return {
      Role: viewRole(
        context,
        change(directory, context, input.RoleName, (role) => ({ ...role, ...description })),
      ),
    };
  };
}

export function updateAssumeRolePolicy(directory: Directory): HandlerOf<Iam, 'UpdateAssumeRolePolicy'> {
  return (input, context) => {
    const trustPolicy = trustPolicyOf(input.PolicyDocument);
    change(directory, context, input.RoleName, (role) => ({ ...role, trustPolicy }));
    return {};
  };
}

export function putRolePermissionsBoundary(
  directory: Directory,
): HandlerOf<Iam, 'PutRolePermissionsBoundary'> {
  return (input, context) => {
    change(directory, context, input.RoleName, (role) => ({ ...role, boundary: input.PermissionsBoundary }));
    return {};
  };
}

export function deleteRolePermissionsBoundary(
  directory: Directory,
): HandlerOf<Iam, 'DeleteRolePermissionsBoundary'> {
  return (input, context) => {
    change(directory, context, input.RoleName, ({ boundary: _, ...role }) => role);
    return {};
  };
}

export function deleteRole(directory: Directory): HandlerOf<Iam, 'DeleteRole'> {
  return (input, context) => {
    directory.transaction(() => {
      const role = directory.roles.existing(context, input.RoleName);
      if (directory.instanceProfiles.list(context).some((profile) => profile.role === role.name)) {
        throw mustFirst('remove roles from instance profile');
      }
      if (role.attached.length > 0) throw mustFirst('detach all policies');
      if (Object.keys(role.inline).length > 0) throw mustFirst('delete policies');
      directory.roles.remove(context, role.name);
    });
    return {};
  };
}

export const viewRole = (scope: Scope, role: RoleRecord): Role => ({
  RoleName: role.name,
  RoleId: role.id,
  Arn: arnOf(scope, 'role', role),
  Path: role.path,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
  PermissionsBoundary: role.boundary
    ? {
        PermissionsBoundaryArn: role.boundary,
        PermissionsBoundaryType: 'Policy' as 'PermissionsBoundaryPolicy',
      }
    : undefined,
  Tags: Object.keys(role.tags).length > 0 ? listTags(role.tags) : undefined,
});

function change(
  directory: Directory,
  scope: Scope,
  name: string,
  changed: (role: RoleRecord) => RoleRecord,
): RoleRecord {
  return directory.transaction(() => {
    const role = changed(directory.roles.existing(scope, name));
    directory.roles.put(scope, role);
    return role;
  });
}

function trustPolicyOf(text: string): string {
  checkPolicyDocument(text, 'trust', 'ACLSizePerRole', MAX_TRUST_POLICY);
  return text;
}

const descriptionOf = (text: string | undefined): { description?: string } =>
  text === undefined ? {} : { description: text };
