// Policies within a role, a user or a group: put, get, list, delete. The same for all three.

import type { Records } from '../../../aws/records.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Handlers } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { noSuchInlinePolicy } from '../faults.ts';
import { type ListInput, pageOfParts, pagingOf } from '../lists.ts';
import { checkPolicyDocument, encodeDocument } from '../policy-document.ts';
import { modifiable, type PrincipalRecord } from '../records.ts';
import type { Iam } from '../service.ts';

interface Given {
  PolicyName: string;
  PolicyDocument: string;
}

/** In characters without white space, of all policies within one. */
const MAX_SIZE = { role: 10_240, user: 2_048, group: 5_120 };

/** The four operations of one kind of principal, by its name. */
function inlinePolicies<T extends PrincipalRecord>(
  directory: Directory,
  entities: Records<T>,
  kind: keyof typeof MAX_SIZE,
) {
  const find = (record: T, policyName: string): string => {
    const document = Object.hasOwn(record.inline, policyName) ? record.inline[policyName] : undefined;
    if (document === undefined) throw noSuchInlinePolicy(kind, policyName);
    return document;
  };
  return {
    put(scope: Scope, name: string, { PolicyName, PolicyDocument }: Given): Record<never, never> {
      directory.transaction(() => {
        const record = modifiable(entities.existing(scope, name));
        const others = Object.entries(record.inline).filter(([one]) => one !== PolicyName);
        const used = others.reduce((sum, [, text]) => sum + text.replace(/\s+/g, '').length, 0);
        checkPolicyDocument(PolicyDocument, 'identity', `${kind}PolicySize`, MAX_SIZE[kind] - used);
        const inline = { ...Object.fromEntries(others), [PolicyName]: PolicyDocument };
        entities.put(scope, { ...record, inline });
      });
      return {};
    },
    get(scope: Scope, name: string, PolicyName: string) {
      const record = entities.existing(scope, name);
      return { PolicyName, PolicyDocument: encodeDocument(find(record, PolicyName)) };
    },
    list(scope: Scope, name: string, input: ListInput) {
      const names = Object.keys(entities.existing(scope, name).inline);
      const page = pageOfParts(names, (one) => one, input);
      return { PolicyNames: page.items, ...pagingOf(page) };
    },
    remove(scope: Scope, name: string, policyName: string): Record<never, never> {
      directory.transaction(() => {
        const record = modifiable(entities.existing(scope, name));
        find(record, policyName);
        const { [policyName]: _, ...inline } = record.inline;
        entities.put(scope, { ...record, inline });
      });
      return {};
    },
  };
}

export function inlinePolicyOperations(directory: Directory): Handlers<Iam> {
  const role = inlinePolicies(directory, directory.roles, 'role');
  const user = inlinePolicies(directory, directory.users, 'user');
  const group = inlinePolicies(directory, directory.groups, 'group');
  return {
    PutRolePolicy: (input, context) => role.put(context, input.RoleName, input),
    GetRolePolicy: (input, context) => ({
      RoleName: input.RoleName,
      ...role.get(context, input.RoleName, input.PolicyName),
    }),
    ListRolePolicies: (input, context) => role.list(context, input.RoleName, input),
    DeleteRolePolicy: (input, context) => role.remove(context, input.RoleName, input.PolicyName),
    PutUserPolicy: (input, context) => user.put(context, input.UserName, input),
    GetUserPolicy: (input, context) => ({
      UserName: input.UserName,
      ...user.get(context, input.UserName, input.PolicyName),
    }),
    ListUserPolicies: (input, context) => user.list(context, input.UserName, input),
    DeleteUserPolicy: (input, context) => user.remove(context, input.UserName, input.PolicyName),
    PutGroupPolicy: (input, context) => group.put(context, input.GroupName, input),
    GetGroupPolicy: (input, context) => ({
      GroupName: input.GroupName,
      ...group.get(context, input.GroupName, input.PolicyName),
    }),
    ListGroupPolicies: (input, context) => group.list(context, input.GroupName, input),
    DeleteGroupPolicy: (input, context) => group.remove(context, input.GroupName, input.PolicyName),
  };
}
