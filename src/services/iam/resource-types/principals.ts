// To whom a policy of a template is given: roles, users and groups by name, each with operations of its own.

import type { Scope } from '../../../aws/scope.ts';
import { unless } from '../../../control/resource-attempts.ts';
import { changesOf, listOf } from '../../../control/resource-properties.ts';
import type { Properties } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';

export type IamClient = Client<Sdk>;

export const NO_SUCH_ENTITY = /^NoSuchEntity/;

export interface Principal {
  kind: 'Roles' | 'Users' | 'Groups';
  name: string;
}

export const principalsOf = (properties: Properties): Principal[] =>
  (['Roles', 'Users', 'Groups'] as const).flatMap((kind) =>
    (listOf(properties, kind) ?? []).map((name) => ({ kind, name })),
  );

export const principalChanges = (before: Properties, after: Properties) =>
  changesOf(principalsOf(before), principalsOf(after), ({ kind, name }) => `${kind} ${name}`);

export async function attach(iam: IamClient, scope: Scope, { kind, name }: Principal, PolicyArn: string) {
  if (kind === 'Roles') await iam.call('AttachRolePolicy', { RoleName: name, PolicyArn }, scope);
  else if (kind === 'Users') await iam.call('AttachUserPolicy', { UserName: name, PolicyArn }, scope);
  else await iam.call('AttachGroupPolicy', { GroupName: name, PolicyArn }, scope);
}

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

export interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: string;
}

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

/** A policy's document in a template; rejects what is absent. */
export function requiredDocument(text: string | undefined, name: string): string {
  if (text === undefined) throw new Error(`Properties validation failed: required key [${name}] not found`);
  return text;
}
