// Puts, gets, lists and deletes inline policies of roles, users and groups. The rules are the same for all three.

import type { Records } from '../../../aws/records.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Iam } from '../context.ts';
import { noSuchInlinePolicy } from '../faults.ts';
import { type ListInput, pageOfParts, pagingOf } from '../lists.ts';
import { checkPolicyDocument, encodeDocument } from '../policy-document.ts';
import { modifiable, type PrincipalRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';

interface Given {
  PolicyName: string;
  PolicyDocument: string;
}

/** Of all inline policies of one principal together, in characters without white space. */
const MAX_SIZE = { role: 10_240, user: 2_048, group: 5_120 };

/** The four operations for one kind of principal. */
function inlinePolicies<T extends PrincipalRecord>(
  recordsIn: (iam: Iam) => Records<T>,
  kind: keyof typeof MAX_SIZE,
) {
  const find = (record: T, policyName: string): string => {
    const document = Object.hasOwn(record.inline, policyName) ? record.inline[policyName] : undefined;
    if (document === undefined) throw noSuchInlinePolicy(kind, policyName);
    return document;
  };
  return {
    put(iam: Iam, scope: Scope, name: string, { PolicyName, PolicyDocument }: Given): Record<never, never> {
      iam.store.transaction(() => {
        const record = modifiable(recordsIn(iam).existing(scope, name));
        const others = Object.entries(record.inline).filter(([one]) => one !== PolicyName);
        const used = others.reduce((sum, [, text]) => sum + text.replace(/\s+/g, '').length, 0);
        checkPolicyDocument(PolicyDocument, 'identity', `${kind}PolicySize`, MAX_SIZE[kind] - used);
        const inline = { ...Object.fromEntries(others), [PolicyName]: PolicyDocument };
        recordsIn(iam).put(scope, { ...record, inline });
      });
      return {};
    },
    get(iam: Iam, scope: Scope, name: string, PolicyName: string) {
      const record = recordsIn(iam).existing(scope, name);
      return { PolicyName, PolicyDocument: encodeDocument(find(record, PolicyName)) };
    },
    list(iam: Iam, scope: Scope, name: string, input: ListInput) {
      const names = Object.keys(recordsIn(iam).existing(scope, name).inline);
      const page = pageOfParts(names, (one) => one, input);
      return { PolicyNames: page.items, ...pagingOf(page) };
    },
    remove(iam: Iam, scope: Scope, name: string, policyName: string): Record<never, never> {
      iam.store.transaction(() => {
        const record = modifiable(recordsIn(iam).existing(scope, name));
        find(record, policyName);
        const { [policyName]: _, ...inline } = record.inline;
        recordsIn(iam).put(scope, { ...record, inline });
      });
      return {};
    },
  };
}

const role = inlinePolicies((iam) => iam.records.roles, 'role');
const user = inlinePolicies((iam) => iam.records.users, 'user');
const group = inlinePolicies((iam) => iam.records.groups, 'group');

/** Throws MalformedPolicyDocument, LimitExceeded or, for a service-linked role, UnmodifiableEntity. */
export const PutRolePolicy: Operation<'PutRolePolicy'> = (iam, input, context) =>
  role.put(iam, context, input.RoleName, input);

export const GetRolePolicy: Operation<'GetRolePolicy'> = (iam, input, context) => ({
  RoleName: input.RoleName,
  ...role.get(iam, context, input.RoleName, input.PolicyName),
});

export const ListRolePolicies: Operation<'ListRolePolicies'> = (iam, input, context) =>
  role.list(iam, context, input.RoleName, input);

/** Throws NoSuchEntity if the role does not have the policy. */
export const DeleteRolePolicy: Operation<'DeleteRolePolicy'> = (iam, input, context) =>
  role.remove(iam, context, input.RoleName, input.PolicyName);

/** Throws MalformedPolicyDocument or LimitExceeded. */
export const PutUserPolicy: Operation<'PutUserPolicy'> = (iam, input, context) =>
  user.put(iam, context, input.UserName, input);

export const GetUserPolicy: Operation<'GetUserPolicy'> = (iam, input, context) => ({
  UserName: input.UserName,
  ...user.get(iam, context, input.UserName, input.PolicyName),
});

export const ListUserPolicies: Operation<'ListUserPolicies'> = (iam, input, context) =>
  user.list(iam, context, input.UserName, input);

/** Throws NoSuchEntity if the user does not have the policy. */
export const DeleteUserPolicy: Operation<'DeleteUserPolicy'> = (iam, input, context) =>
  user.remove(iam, context, input.UserName, input.PolicyName);

/** Throws MalformedPolicyDocument or LimitExceeded. */
export const PutGroupPolicy: Operation<'PutGroupPolicy'> = (iam, input, context) =>
  group.put(iam, context, input.GroupName, input);

export const GetGroupPolicy: Operation<'GetGroupPolicy'> = (iam, input, context) => ({
  GroupName: input.GroupName,
  ...group.get(iam, context, input.GroupName, input.PolicyName),
});

export const ListGroupPolicies: Operation<'ListGroupPolicies'> = (iam, input, context) =>
  group.list(iam, context, input.GroupName, input);

/** Throws NoSuchEntity if the group does not have the policy. */
export const DeleteGroupPolicy: Operation<'DeleteGroupPolicy'> = (iam, input, context) =>
  group.remove(iam, context, input.GroupName, input.PolicyName);
