// Managed policies: create, get, list, delete, and to whom they are attached.

import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { awsPolicyOf, COMMON_AWS_POLICIES, isAwsPolicyArn } from '../aws-policies.ts';
import type { Directory } from '../directory.ts';
import { deleteConflict, unmodifiable } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { listPage } from '../lists.ts';
import { existingPolicy, viewPolicy } from '../policies.ts';
import { checkPolicyDocument } from '../policy-document.ts';
import type { PolicyRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { tagging } from '../tags.ts';

export const MAX_POLICY_SIZE = 6_144;

export function createPolicy(directory: Directory): HandlerOf<Iam, 'CreatePolicy'> {
  return (input, context) => {
    checkPolicyDocument(input.PolicyDocument, 'identity', 'PolicySize', MAX_POLICY_SIZE);
    const now = directory.now();
    const policy: PolicyRecord = {
      name: input.PolicyName,
      path: pathOf(input.Path),
      id: newId('ANPA'),
      ...(input.Description && { description: input.Description }),
      versions: [{ versionId: 'v1', document: input.PolicyDocument, createdAt: now }],
      defaultVersionId: 'v1',
      versionCount: 1,
      tags: tagging.add({}, input.Tags, context),
      createdAt: now,
      updatedAt: now,
    };
    directory.transaction(() => directory.policies.add(context, policy));
    const view = viewPolicy(directory, context, arnOf(context, 'policy', policy), policy);
    return { Policy: { ...view, Tags: listTags(policy.tags) } };
  };
}

export function getPolicy(directory: Directory): HandlerOf<Iam, 'GetPolicy'> {
  return (input, context) => {
    const policy = existingPolicy(directory, context, input.PolicyArn);
    const view = viewPolicy(directory, context, input.PolicyArn, policy);
    return { Policy: { ...view, Tags: listTags(policy.tags) } };
  };
}

export function listPolicies(directory: Directory): HandlerOf<Iam, 'ListPolicies'> {
  return (input, context) => {
    const own = directory.policies.list(context).map((one) => arnOf(context, 'policy', one));
    const arns = [
      ...(input.Scope === 'AWS' ? [] : own),
      ...(input.Scope === 'Local' ? [] : COMMON_AWS_POLICIES),
    ];
    const all = arns
      .map((arn) =>
        viewPolicy(directory, context, arn, awsPolicyOf(arn) ?? existingPolicy(directory, context, arn)),
      )
      .filter((one) => one.Path!.startsWith(input.PathPrefix ?? '/'))
      .filter((one) => !input.OnlyAttached || one.AttachmentCount! > 0);
    const { items, paging } = listPage(all, (one) => one.Arn!, input);
    // AWS: lists leave out descriptions.
    return { Policies: items.map(({ Description: _, ...rest }) => rest), ...paging };
  };
}

export function deletePolicy(directory: Directory): HandlerOf<Iam, 'DeletePolicy'> {
  return (input, context) => {
    directory.transaction(() => {
      if (isAwsPolicyArn(input.PolicyArn)) throw unmodifiable('AWS managed policies cannot be deleted.');
      const policy = existingPolicy(directory, context, input.PolicyArn);
      const view = viewPolicy(directory, context, input.PolicyArn, policy);
      if (view.AttachmentCount! > 0 || view.PermissionsBoundaryUsageCount! > 0) {
        throw deleteConflict('Cannot delete a policy attached to entities.');
      }
      if (policy.versions.length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      directory.policies.remove(context, policy.name);
    });
    return {};
  };
}

export function listEntitiesForPolicy(directory: Directory): HandlerOf<Iam, 'ListEntitiesForPolicy'> {
  return (input, context) => {
    existingPolicy(directory, context, input.PolicyArn);
    const wants = (kind: string) => !input.EntityFilter || input.EntityFilter === kind;
    const having = <T extends { attached: string[] }>(all: T[]) =>
      all.filter((one) => one.attached.includes(input.PolicyArn));
    const roles = wants('Role') ? having(directory.roles.list(context)) : [];
    const users = wants('User') ? having(directory.users.list(context)) : [];
    const groups = wants('Group') ? having(directory.groups.list(context)) : [];
    return {
      PolicyRoles: roles.map((one) => ({ RoleName: one.name, RoleId: one.id })),
      PolicyUsers: users.map((one) => ({ UserName: one.name, UserId: one.id })),
      PolicyGroups: groups.map((one) => ({ GroupName: one.name, GroupId: one.id })),
      IsTruncated: false,
    };
  };
}
