// Roles: create, get, list, update, delete, and who may assume them.

import type { Role } from '@aws-sdk/client-iam';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { mustFirst } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, pageBelow, pagingOf } from '../lists.ts';
import { checkPolicyDocument, encodeDocument } from '../policy-document.ts';
import { modifiable, type RoleRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { tagging } from '../tags.ts';
import { viewBoundary } from './boundaries.ts';

const MAX_TRUST_POLICY = 4_096;
const USUAL_SESSION_SECONDS = 3_600;

const rolePages = iamPages('roles');

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
  return (input, context) => ({
    // AWS: only here; nobody is seen to use a role.
    Role: { ...viewRole(context, directory.roles.existing(context, input.RoleName)), RoleLastUsed: {} },
  });
}

export function listRoles(directory: Directory): HandlerOf<Iam, 'ListRoles'> {
  return async (input, context) => {
    const page = await pageBelow(rolePages, directory.roles, context, input);
    // AWS: lists leave out tags and boundaries.
    const Roles = page.items.map((role) => {
      const { Tags: _tags, PermissionsBoundary: _boundary, ...rest } = viewRole(context, role);
      return rest;
    });
    return { Roles, ...pagingOf(page) };
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

export function deleteRole(directory: Directory): HandlerOf<Iam, 'DeleteRole'> {
  return (input, context) => {
    directory.transaction(() => {
      const role = modifiable(directory.roles.existing(context, input.RoleName));
      if (directory.instanceProfiles.countBy(context, 'role', role.name) > 0) {
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
  PermissionsBoundary: viewBoundary(role),
  Tags: Object.keys(role.tags).length > 0 ? listTags(role.tags) : undefined,
});

function change(
  directory: Directory,
  scope: Scope,
  name: string,
  changed: (role: RoleRecord) => RoleRecord,
): RoleRecord {
  return directory.transaction(() =>
    directory.roles.change(scope, name, (role) => changed(modifiable(role))),
  );
}

function trustPolicyOf(text: string): string {
  checkPolicyDocument(text, 'trust', 'ACLSizePerRole', MAX_TRUST_POLICY);
  return text;
}

const descriptionOf = (text: string | undefined): { description?: string } =>
  text === undefined ? {} : { description: text };
