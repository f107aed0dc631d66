// Managed policies attached to a role, a user or a group: attach, detach, list. The same for all three.

import type { Records } from '../../../aws/records.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Handlers } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { limitExceeded, policyNotAttachable, policyNotAttached } from '../faults.ts';
import { isBelow, type ListInput, pageOfParts, pagingOf } from '../lists.ts';
import { findPolicy } from '../policies.ts';
import { modifiable, type PrincipalRecord } from '../records.ts';
import type { Iam } from '../service.ts';

/** AWS: 10 at first, 20 on request. */
const MAX_ATTACHED = 20;

function attachedPolicies<T extends PrincipalRecord>(
  directory: Directory,
  entities: Records<T>,
  quota: string,
) {
  return {
    attach(scope: Scope, name: string, arn: string): Record<never, never> {
      directory.transaction(() => {
        const record = modifiable(entities.existing(scope, name));
        if (!findPolicy(directory, scope, arn)) throw policyNotAttachable(arn);
        if (record.attached.includes(arn)) return;
        if (record.attached.length >= MAX_ATTACHED) throw limitExceeded(quota, MAX_ATTACHED);
        entities.put(scope, { ...record, attached: [...record.attached, arn] });
      });
      return {};
    },
    detach(scope: Scope, name: string, arn: string): Record<never, never> {
      directory.transaction(() => {
        const record = modifiable(entities.existing(scope, name));
        if (!record.attached.includes(arn)) throw policyNotAttached(arn);
        entities.put(scope, { ...record, attached: record.attached.filter((one) => one !== arn) });
      });
      return {};
    },
    list(scope: Scope, name: string, input: ListInput) {
      const attached = entities
        .existing(scope, name)
        .attached.flatMap((PolicyArn) => {
          const policy = findPolicy(directory, scope, PolicyArn);
          return policy ? [{ PolicyName: policy.name, PolicyArn, path: policy.path }] : [];
        })
        .filter((one) => isBelow(one, input));
      const page = pageOfParts(attached, (one) => one.PolicyArn, input);
      const AttachedPolicies = page.items.map(({ PolicyName, PolicyArn }) => ({ PolicyName, PolicyArn }));
      return { AttachedPolicies, ...pagingOf(page) };
    },
  };
}

export function attachedPolicyOperations(directory: Directory): Handlers<Iam> {
  const role = attachedPolicies(directory, directory.roles, 'PoliciesPerRole');
  const user = attachedPolicies(directory, directory.users, 'PoliciesPerUser');
  const group = attachedPolicies(directory, directory.groups, 'PoliciesPerGroup');
  return {
    AttachRolePolicy: (input, context) => role.attach(context, input.RoleName, input.PolicyArn),
    DetachRolePolicy: (input, context) => role.detach(context, input.RoleName, input.PolicyArn),
    ListAttachedRolePolicies: (input, context) => role.list(context, input.RoleName, input),
    AttachUserPolicy: (input, context) => user.attach(context, input.UserName, input.PolicyArn),
    DetachUserPolicy: (input, context) => user.detach(context, input.UserName, input.PolicyArn),
    ListAttachedUserPolicies: (input, context) => user.list(context, input.UserName, input),
    AttachGroupPolicy: (input, context) => group.attach(context, input.GroupName, input.PolicyArn),
    DetachGroupPolicy: (input, context) => group.detach(context, input.GroupName, input.PolicyArn),
    ListAttachedGroupPolicies: (input, context) => group.list(context, input.GroupName, input),
  };
}
