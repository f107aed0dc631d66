// Attaches, detaches and lists managed policies of roles, users and groups. The rules are the same for all three.

import type { Records } from '../../../aws/records.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Iam } from '../context.ts';
import { limitExceeded, policyNotAttachable, policyNotAttached } from '../faults.ts';
import { isBelow, type ListInput, pageOfParts, pagingOf } from '../lists.ts';
import { findPolicy } from '../policies.ts';
import { modifiable, type PrincipalRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';

/** AWS: the quota is 10 by default and 20 on request. */
const MAX_ATTACHED = 20;

function attachedPolicies<T extends PrincipalRecord>(recordsIn: (iam: Iam) => Records<T>, quota: string) {
  return {
    attach(iam: Iam, scope: Scope, name: string, arn: string): Record<never, never> {
      iam.store.transaction(() => {
        const record = modifiable(recordsIn(iam).existing(scope, name));
        if (!findPolicy(iam, scope, arn)) throw policyNotAttachable(arn);
        if (record.attached.includes(arn)) return;
        if (record.attached.length >= MAX_ATTACHED) throw limitExceeded(quota, MAX_ATTACHED);
        recordsIn(iam).put(scope, { ...record, attached: [...record.attached, arn] });
      });
      return {};
    },
    detach(iam: Iam, scope: Scope, name: string, arn: string): Record<never, never> {
      iam.store.transaction(() => {
        const record = modifiable(recordsIn(iam).existing(scope, name));
        if (!record.attached.includes(arn)) throw policyNotAttached(arn);
        recordsIn(iam).put(scope, { ...record, attached: record.attached.filter((one) => one !== arn) });
      });
      return {};
    },
    list(iam: Iam, scope: Scope, name: string, input: ListInput) {
      const attached = recordsIn(iam)
        .existing(scope, name)
        .attached.flatMap((PolicyArn) => {
          const policy = findPolicy(iam, scope, PolicyArn);
          return policy ? [{ PolicyName: policy.name, PolicyArn, path: policy.path }] : [];
        })
        .filter((one) => isBelow(one, input));
      const page = pageOfParts(attached, (one) => one.PolicyArn, input);
      const AttachedPolicies = page.items.map(({ PolicyName, PolicyArn }) => ({ PolicyName, PolicyArn }));
      return { AttachedPolicies, ...pagingOf(page) };
    },
  };
}

const role = attachedPolicies((iam) => iam.records.roles, 'PoliciesPerRole');
const user = attachedPolicies((iam) => iam.records.users, 'PoliciesPerUser');
const group = attachedPolicies((iam) => iam.records.groups, 'PoliciesPerGroup');

/**
 * Repeating it changes nothing. Throws NoSuchEntity, LimitExceeded or, for a service-linked role, UnmodifiableEntity.
 */
export const AttachRolePolicy: Operation<'AttachRolePolicy'> = (iam, input, context) =>
  role.attach(iam, context, input.RoleName, input.PolicyArn);

/** Throws NoSuchEntity if the policy is not attached. */
export const DetachRolePolicy: Operation<'DetachRolePolicy'> = (iam, input, context) =>
  role.detach(iam, context, input.RoleName, input.PolicyArn);

export const ListAttachedRolePolicies: Operation<'ListAttachedRolePolicies'> = (iam, input, context) =>
  role.list(iam, context, input.RoleName, input);

/** Repeating it changes nothing. Throws NoSuchEntity or LimitExceeded. */
export const AttachUserPolicy: Operation<'AttachUserPolicy'> = (iam, input, context) =>
  user.attach(iam, context, input.UserName, input.PolicyArn);

/** Throws NoSuchEntity if the policy is not attached. */
export const DetachUserPolicy: Operation<'DetachUserPolicy'> = (iam, input, context) =>
  user.detach(iam, context, input.UserName, input.PolicyArn);

export const ListAttachedUserPolicies: Operation<'ListAttachedUserPolicies'> = (iam, input, context) =>
  user.list(iam, context, input.UserName, input);

/** Repeating it changes nothing. Throws NoSuchEntity or LimitExceeded. */
export const AttachGroupPolicy: Operation<'AttachGroupPolicy'> = (iam, input, context) =>
  group.attach(iam, context, input.GroupName, input.PolicyArn);

/** Throws NoSuchEntity if the policy is not attached. */
export const DetachGroupPolicy: Operation<'DetachGroupPolicy'> = (iam, input, context) =>
  group.detach(iam, context, input.GroupName, input.PolicyArn);

export const ListAttachedGroupPolicies: Operation<'ListAttachedGroupPolicies'> = (iam, input, context) =>
  group.list(iam, context, input.GroupName, input);
