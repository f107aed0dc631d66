// Managed policies by ARN: the account's own and those of AWS.

import type { Policy, PolicyVersion } from '@aws-sdk/client-iam';
import { parseArn } from '../../aws/arn.ts';
import type { Records } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import { awsPolicyOf, isAwsPolicyArn } from './aws-policies.ts';
import type { Iam } from './context.ts';
import { policyNotFound } from './faults.ts';
import { arnOf } from './identifiers.ts';
import { encodeDocument } from './policy-document.ts';
import type { PolicyRecord } from './records.ts';

/** `undefined` if the account has no such policy. Every well-formed ARN of an AWS managed policy is found. */
export function findPolicy(iam: Iam, scope: Scope, arn: string): PolicyRecord | undefined {
  if (isAwsPolicyArn(arn)) return awsPolicyOf(arn);
  return findOwnPolicy(iam, scope, arn);
}

function findOwnPolicy(iam: Iam, scope: Scope, arn: string): PolicyRecord | undefined {
  const name = parseArn(arn)?.resource.split('/').at(-1);
  const found = name === undefined ? undefined : iam.records.policies.find(scope, name);
  return found && arnOf(scope, 'policy', found) === arn ? found : undefined;
}

/** Throws NoSuchEntity. */
export function existingPolicy(iam: Iam, scope: Scope, arn: string): PolicyRecord {
  const found = findPolicy(iam, scope, arn);
  if (!found) throw policyNotFound(arn);
  return found;
}

/** AWS's view of a policy, without tags. Counts its attachments, in two index reads for each kind of principal. */
export function viewPolicy(iam: Iam, scope: Scope, arn: string, policy: PolicyRecord): Policy {
  const { attachments, boundaries } = usageOf(iam, scope, arn);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: boundaries,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/**
 * How many roles, users and groups have the policy attached, and how many roles and users have it as their boundary.
 */
export function usageOf(iam: Iam, scope: Scope, arn: string) {
  const { roles, users, groups } = iam.records;
  const count = (index: string, of: readonly Pick<Records<unknown>, 'countBy'>[]) =>
    of.reduce((sum, records) => sum + records.countBy(scope, index, arn), 0);
  return {
    attachments: count('attached', [roles, users, groups]),
    boundaries: count('boundary', [roles, users]),
  };
}

/** AWS's view of one version, with its document. */
export const viewVersion = (
  policy: PolicyRecord,
  version: PolicyRecord['versions'][number],
): PolicyVersion => ({
  VersionId: version.versionId,
  IsDefaultVersion: version.versionId === policy.defaultVersionId,
  CreateDate: new Date(version.createdAt),
  Document: encodeDocument(version.document),
});
