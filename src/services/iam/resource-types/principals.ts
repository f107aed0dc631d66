// The roles, users and groups that a template gives a policy to. IAM has separate operations for each kind.

import type { Scope } from '../../../aws/scope.ts';
import { unless } from '../../../control/resource-attempts.ts';
import { changesOf, listOf } from '../../../control/resource-properties.ts';
import type { Properties } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';

/** A client of IAM's own API. */
export type IamClient = Client<Sdk>;

/** Matches the error's name on the wire and in the model. */
export const NO_SUCH_ENTITY = /^NoSuchEntity/;

/** A role, user or group. `kind` is the property of the template that lists it. */
export interface Principal {
  kind: 'Roles' | 'Users' | 'Groups';
  name: string;
}

/** The principals that the properties list. */
export const principalsOf = (properties: Properties): Principal[] =>
  (['Roles', 'Users', 'Groups'] as const).flatMap((kind) =>
    (listOf(properties, kind) ?? []).map((name) => ({ kind, name })),
  );

/** The principals that an update adds and removes. */
export const principalChanges = (before: Properties, after: Properties) =>
  changesOf(principalsOf(before), principalsOf(after), ({ kind, name }) => `${kind} ${name}`);

/** Attaches a managed policy. */
export async function attach(iam: IamClient, scope: Scope, { kind, name }: Principal, PolicyArn: string) {
  if (kind === 'Roles') await iam.call('AttachRolePolicy', { RoleName: name, PolicyArn }, scope);
  else if (kind === 'Users') await iam.call('AttachUserPolicy', { UserName: name, PolicyArn }, scope);
  else await iam.call('AttachGroupPolicy', { GroupName: name, PolicyArn }, scope);
}

/** Detaches a managed policy. Resolves if it is not attached. */
export function detach(
  iam: IamClient,
  scope: Scope,
  { kind, name }: Principal,
  PolicyArn: string,
): Promise<unknown> {
  if (kind === 'Roles') {
    return unless(NO_SUCH_ENTITY, iam.call('DetachRolePolicy', { RoleName: name, PolicyArn }, scope));
  }
  if (kind === 'Users') {
    return unless(NO_SUCH_ENTITY, iam.call('DetachUserPolicy', { UserName: name, PolicyArn }, scope));
  }
  return unless(NO_SUCH_ENTITY, iam.call('DetachGroupPolicy', { GroupName: name, PolicyArn }, scope));
}

/** An inline policy. `PolicyDocument` is JSON text. */
export interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: string;
}

/** Creates or replaces an inline policy. */
export async function putInline(
  iam: IamClient,
  scope: Scope,
  { kind, name }: Principal,
  policy: InlinePolicy,
) {
  if (kind === 'Roles') await iam.call('PutRolePolicy', { RoleName: name, ...policy }, scope);
  else if (kind === 'Users') await iam.call('PutUserPolicy', { UserName: name, ...policy }, scope);
  else await iam.call('PutGroupPolicy', { GroupName: name, ...policy }, scope);
}

/** Deletes an inline policy. Resolves if it does not exist. */
export function deleteInline(
  iam: IamClient,
  scope: Scope,
  { kind, name }: Principal,
  PolicyName: string,
): Promise<unknown> {
  if (kind === 'Roles') {
    return unless(NO_SUCH_ENTITY, iam.call('DeleteRolePolicy', { RoleName: name, PolicyName }, scope));
  }
  if (kind === 'Users') {
    return unless(NO_SUCH_ENTITY, iam.call('DeleteUserPolicy', { UserName: name, PolicyName }, scope));
  }
  return unless(NO_SUCH_ENTITY, iam.call('DeleteGroupPolicy', { GroupName: name, PolicyName }, scope));
}
