// Versions of managed policies: at most five, one of which is the default.

import type { Scope } from '../../../aws/scope.ts';
import { isAwsPolicyArn } from '../aws-policies.ts';
import type { Iam } from '../context.ts';
import { deleteConflict, noSuchVersion, tooManyVersions, unmodifiable } from '../faults.ts';
import { pageOfParts, pagingOf } from '../lists.ts';
import { existingPolicy, viewVersion } from '../policies.ts';
import { checkPolicyDocument } from '../policy-document.ts';
import type { PolicyRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { MAX_POLICY_SIZE } from './policies.ts';

const MAX_VERSIONS = 5;

/** Throws MalformedPolicyDocument, LimitExceeded for a sixth version, or UnmodifiableEntity for a policy of AWS. */
export const CreatePolicyVersion: Operation<'CreatePolicyVersion'> = (iam, input, context) => {
  checkPolicyDocument(input.PolicyDocument, 'identity', 'PolicySize', MAX_POLICY_SIZE);
  return change(iam, context, input.PolicyArn, (policy) => {
    if (policy.versions.length >= MAX_VERSIONS) throw tooManyVersions(MAX_VERSIONS);
    policy.versionCount += 1;
    const versionId = `v${policy.versionCount}`;
    const version = { versionId, document: input.PolicyDocument, createdAt: iam.clock.now() };
    policy.versions.push(version);
    if (input.SetAsDefault) policy.defaultVersionId = versionId;
    const { Document: _, ...view } = viewVersion(policy, version);
    return { PolicyVersion: view };
  });
};

/** Returns the version with its document. Throws NoSuchEntity. */
export const GetPolicyVersion: Operation<'GetPolicyVersion'> = (iam, input, context) => {
  const policy = existingPolicy(iam, context, input.PolicyArn);
  return { PolicyVersion: viewVersion(policy, versionOf(policy, input)) };
};

/** AWS: without the documents. */
export const ListPolicyVersions: Operation<'ListPolicyVersions'> = (iam, input, context) => {
  const policy = existingPolicy(iam, context, input.PolicyArn);
  const page = pageOfParts(policy.versions, (one) => one.versionId.padStart(12), input);
  const Versions = page.items.map((version) => {
    const { Document: _, ...view } = viewVersion(policy, version);
    return view;
  });
  return { Versions, ...pagingOf(page) };
};

/** Throws NoSuchEntity, or UnmodifiableEntity for a policy of AWS. */
export const SetDefaultPolicyVersion: Operation<'SetDefaultPolicyVersion'> = (iam, input, context) => {
  change(iam, context, input.PolicyArn, (policy) => {
    policy.defaultVersionId = versionOf(policy, input).versionId;
  });
  return {};
};

/** Throws DeleteConflict for the default version, or UnmodifiableEntity for a policy of AWS. */
export const DeletePolicyVersion: Operation<'DeletePolicyVersion'> = (iam, input, context) => {
  change(iam, context, input.PolicyArn, (policy) => {
    const { versionId } = versionOf(policy, input);
    if (versionId === policy.defaultVersionId) {
      throw deleteConflict('Cannot delete the default version of a policy.');
    }
    policy.versions = policy.versions.filter((one) => one.versionId !== versionId);
  });
  return {};
};

function change<T>(iam: Iam, scope: Scope, arn: string, changing: (policy: PolicyRecord) => T): T {
  return iam.store.transaction(() => {
    if (isAwsPolicyArn(arn)) throw unmodifiable('AWS managed policies cannot be changed.');
    const policy = existingPolicy(iam, scope, arn);
    const result = changing(policy);
    iam.records.policies.put(scope, { ...policy, updatedAt: iam.clock.now() });
    return result;
  });
}

function versionOf(policy: PolicyRecord, { PolicyArn, VersionId }: { PolicyArn: string; VersionId: string }) {
  const found = policy.versions.find((one) => one.versionId === VersionId);
  if (!found) throw noSuchVersion(PolicyArn, VersionId);
  return found;
}
