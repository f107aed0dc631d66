// Managed policies: create, get, list, delete, and list the principals that have one.

import type { Policy } from '@aws-sdk/client-iam';
import type { Page } from '../../../aws/pages.ts';
import type { Records } from '../../../aws/records.ts';
import { listTags } from '../../../aws/tags.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import { awsPolicyOf, COMMON_AWS_POLICIES, isAwsPolicyArn } from '../aws-policies.ts';
import { deleteConflict, unmodifiable } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, isBelow, pageRequest, pagingOf } from '../lists.ts';
import { existingPolicy, usageOf, viewPolicy } from '../policies.ts';
import { checkPolicyDocument } from '../policy-document.ts';
import { keyOf, type PolicyRecord, type PrincipalRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

/** AWS: in characters without white space. */
export const MAX_POLICY_SIZE = 6_144;
const policyPages = iamPages('policies');
const entityPages = iamPages('entities of a policy');

/** Throws MalformedPolicyDocument, EntityAlreadyExists or LimitExceeded. */
export const CreatePolicy: Operation<'CreatePolicy'> = (iam, input, context) => {
  checkPolicyDocument(input.PolicyDocument, 'identity', 'PolicySize', MAX_POLICY_SIZE);
  const now = iam.clock.now();
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
  iam.store.transaction(() => iam.records.policies.add(context, policy));
  const view = viewPolicy(iam, context, arnOf(context, 'policy', policy), policy);
  return { Policy: { ...view, Tags: listTags(policy.tags) } };
};

/** Also finds AWS managed policies. Throws NoSuchEntity. */
export const GetPolicy: Operation<'GetPolicy'> = (iam, input, context) => {
  const policy = existingPolicy(iam, context, input.PolicyArn);
  const view = viewPolicy(iam, context, input.PolicyArn, policy);
  return { Policy: { ...view, Tags: listTags(policy.tags) } };
};

/** Lists the account's own policies first, then the AWS managed policies with known contents. */
export const ListPolicies: Operation<'ListPolicies'> = async (iam, input, context) => {
  const { limit, token } = pageRequest(input);
  // Counting the uses of a policy takes five reads.
  const asksForUse = input.OnlyAttached || input.PolicyUsageFilter !== undefined;
  const isWanted = (arn: string, policy: PolicyRecord) =>
    isBelow(policy, input) && (!asksForUse || isUsed(usageOf(iam, context, arn), input));
  const arnOfOwn = (policy: PolicyRecord) => arnOf(context, 'policy', policy);
  const after = policyPages.keyOf(token) ?? '';
  // The key of an own policy is its name, which has no colon; the key of an AWS managed policy is its ARN.
  const isPastOwn = after.includes(':');
  const own: Page<PolicyRecord> =
    input.Scope === 'AWS' || isPastOwn
      ? { items: [] }
      : await policyPages.ofCollection(iam.records.policies, context, {
          ...{ limit, token },
          wanted: (policy) => isWanted(arnOfOwn(policy), policy),
        });
  const rest =
    own.token === undefined && input.Scope !== 'Local'
      ? COMMON_AWS_POLICIES.filter((arn) => isWanted(arn, awsPolicyOf(arn)!) && (!isPastOwn || arn > after))
      : [];
  const shown = rest.slice(0, limit - own.items.length);
  const last = shown.at(-1) ?? keyOf(own.items.at(-1)?.name ?? '');
  const next = rest.length > shown.length ? policyPages.tokenFor(last) : own.token;
  const Policies: Policy[] = [];
  for (const policy of [...own.items, ...shown]) {
    await turnEnd();
    const { Description: _, ...view } =
      typeof policy === 'string'
        ? viewPolicy(iam, context, policy, awsPolicyOf(policy)!)
        : viewPolicy(iam, context, arnOfOwn(policy), policy);
    // AWS: lists leave out descriptions.
    Policies.push(view);
  }
  return { Policies, ...pagingOf({ items: [], ...(next !== undefined && { token: next }) }) };
};

function isUsed(
  { attachments, boundaries }: ReturnType<typeof usageOf>,
  { OnlyAttached, PolicyUsageFilter }: { OnlyAttached?: boolean; PolicyUsageFilter?: string },
): boolean {
  if (PolicyUsageFilter === 'PermissionsBoundary') return boundaries > 0;
  if (PolicyUsageFilter === 'PermissionsPolicy' && attachments === 0) return false;
  return !OnlyAttached || attachments > 0;
}

/** Throws DeleteConflict while the policy is attached, is a boundary or has several versions. */
export const DeletePolicy: Operation<'DeletePolicy'> = (iam, input, context) => {
  iam.store.transaction(() => {
    if (isAwsPolicyArn(input.PolicyArn)) throw unmodifiable('AWS managed policies cannot be deleted.');
    const policy = existingPolicy(iam, context, input.PolicyArn);
    const view = viewPolicy(iam, context, input.PolicyArn, policy);
    if (view.AttachmentCount! > 0 || view.PermissionsBoundaryUsageCount! > 0) {
      throw deleteConflict('Cannot delete a policy attached to entities.');
    }
    if (policy.versions.length > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    iam.records.policies.remove(context, policy.name);
  });
  return {};
};

/** AWS: roles, users and groups share the pages, in this order. */
export const ListEntitiesForPolicy: Operation<'ListEntitiesForPolicy'> = (iam, input, context) => {
  existingPolicy(iam, context, input.PolicyArn);
  const { limit, token } = pageRequest(input);
  const after = entityPages.keyOf(token) ?? '';
  const index = input.PolicyUsageFilter === 'PermissionsBoundary' ? 'boundary' : 'attached';
  const found = (['Role', 'User', 'Group'] as const).flatMap((kind, place) => {
    if (input.EntityFilter && input.EntityFilter !== kind) return [];
    // Groups have no boundaries.
    if (kind === 'Group' && index === 'boundary') return [];
    const records: Pick<Records<PrincipalRecord>, 'by'> = iam.records[RECORDS_OF[kind]];
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
    ...pagingOf(found.length > limit ? { items, token: entityPages.tokenFor(items.at(-1)!.key) } : { items }),
  };
};

const RECORDS_OF = { Role: 'roles', User: 'users', Group: 'groups' } as const;
