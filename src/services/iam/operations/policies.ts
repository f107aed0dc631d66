// Managed policies: create, get, list, delete, and to whom they are attached.

import type { Policy } from '@aws-sdk/client-iam';
import type { Page } from '../../../aws/pages.ts';
import type { Records } from '../../../aws/records.ts';
import { listTags } from '../../../aws/tags.ts';
import { Slices } from '../../../kernel/slices.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { awsPolicyOf, COMMON_AWS_POLICIES, isAwsPolicyArn } from '../aws-policies.ts';
import { type Directory, keyOf } from '../directory.ts';
import { deleteConflict, unmodifiable } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, isBelow, pageRequest, pagingOf } from '../lists.ts';
import { existingPolicy, usageOf, viewPolicy } from '../policies.ts';
import { checkPolicyDocument } from '../policy-document.ts';
import type { PolicyRecord, PrincipalRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { tagging } from '../tags.ts';

export const MAX_POLICY_SIZE = 6_144;
const policyPages = iamPages('policies');
const entityPages = iamPages('entities of a policy');

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

/** The account's own first, then those of AWS whose contents are known. */
export function listPolicies(directory: Directory): HandlerOf<Iam, 'ListPolicies'> {
  return async (input, context) => {
    const { limit, token } = pageRequest(input);
    const isWanted = (arn: string, policy: PolicyRecord) =>
      isBelow(policy, input) && isUsed(usageOf(directory, context, arn), input);
    const arnOfOwn = (policy: PolicyRecord) => arnOf(context, 'policy', policy);
    const after = policyPages.keyOf(token) ?? '';
    // Own policies are listed by name, and no name has a colon.
    const isBehindOwn = after.includes(':');
    const own: Page<PolicyRecord> =
      input.Scope === 'AWS' || isBehindOwn
        ? { items: [] }
        : await policyPages.ofCollection(directory.policies, context, {
            ...{ limit, token },
            wanted: (policy) => isWanted(arnOfOwn(policy), policy),
          });
    const ofAws = COMMON_AWS_POLICIES.filter(
      (arn) => isWanted(arn, awsPolicyOf(arn)!) && (!isBehindOwn || arn > after),
    ).sort();
    const rest = own.token === undefined && input.Scope !== 'Local' ? ofAws : [];
    const shown = rest.slice(0, limit - own.items.length);
    const last = shown.at(-1) ?? keyOf(own.items.at(-1)?.name ?? '');
    const next = rest.length > shown.length ? policyPages.tokenFor(last) : own.token;
    const slices = new Slices();
    const Policies: Policy[] = [];
    for (const policy of [...own.items, ...shown]) {
      await slices.pause();
      const { Description: _, ...view } =
        typeof policy === 'string'
          ? viewPolicy(directory, context, policy, awsPolicyOf(policy)!)
          : viewPolicy(directory, context, arnOfOwn(policy), policy);
      // AWS: lists leave out descriptions.
      Policies.push(view);
    }
    return { Policies, ...pagingOf({ items: [], ...(next !== undefined && { token: next }) }) };
  };
}

function isUsed(
  { attachments, boundaries }: ReturnType<typeof usageOf>,
  { OnlyAttached, PolicyUsageFilter }: { OnlyAttached?: boolean; PolicyUsageFilter?: string },
): boolean {
  if (PolicyUsageFilter === 'PermissionsBoundary') return boundaries > 0;
  if (PolicyUsageFilter === 'PermissionsPolicy' && attachments === 0) return false;
  return !OnlyAttached || attachments > 0;
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

/** AWS: roles, users and groups share the pages. */
export function listEntitiesForPolicy(directory: Directory): HandlerOf<Iam, 'ListEntitiesForPolicy'> {
  return (input, context) => {
    existingPolicy(directory, context, input.PolicyArn);
    const { limit, token } = pageRequest(input);
    const after = entityPages.keyOf(token) ?? '';
    const index = input.PolicyUsageFilter === 'PermissionsBoundary' ? 'boundary' : 'attached';
    const found = (['Role', 'User', 'Group'] as const).flatMap((kind, place) => {
      if (input.EntityFilter && input.EntityFilter !== kind) return [];
      // Groups have no boundary, and no index of one.
      if (kind === 'Group' && index === 'boundary') return [];
      const records: Pick<Records<PrincipalRecord>, 'by'> = directory[RECORDS_OF[kind]];
      const sortKey = (name: string) => `${place} ${keyOf(name)}`;
      if (after !== '' && Number(after[0]) > place) return [];
      const range = Number(after[0] ?? -1) === place ? { after: after.slice(2) } : {};
      return records
        .by(context, index, input.PolicyArn, { ...range, ...(!input.PathPrefix && { limit: limit + 1 }) })
        .filter((one) => isBelow(one, input))
        .map(({ name, id }) => ({ kind, name, id, key: sortKey(name) }));
    });
    const items = found.slice(0, limit);
    const of = (kind: string) => items.filter((one) => one.kind === kind);
    return {
      PolicyRoles: of('Role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      PolicyUsers: of('User').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyGroups: of('Group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      ...pagingOf(
        found.length > limit ? { items, token: entityPages.tokenFor(items.at(-1)!.key) } : { items },
      ),
    };
  };
}

const RECORDS_OF = { Role: 'roles', User: 'users', Group: 'groups' } as const;
