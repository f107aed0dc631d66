// The resource types AWS::IAM::Policy, an inline policy of its roles, users and groups, and AWS::IAM::ManagedPolicy.

import { partitionOf, type Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { finishing, isRefused } from '../../../control/resource-attempts.ts';
import { requiredDocument, requiredText, textOf } from '../../../control/resource-properties.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import {
  attach,
  deleteInline,
  detach,
  type IamClient,
  NO_SUCH_ENTITY,
  principalChanges,
  principalsOf,
  putInline,
} from './principals.ts';

const LONGEST_NAME = 128;
const MAX_VERSIONS = 5;

const documentIn = (properties: Properties): string => requiredDocument(properties, 'PolicyDocument');

/** Its physical id is a generated name; the policy itself has the name of its properties. */
export const policyType = (iam: IamClient): ResourceType => ({
  name: 'AWS::IAM::Policy',
  async create(request) {
    const physicalId = physicalName(request, { maxLength: LONGEST_NAME });
    await finishing(physicalId, async () => {
      await putEverywhere(iam, request);
    });
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(request) {
    const { before, properties, scope, physicalId } = request;
    await putEverywhere(iam, request);
    const old = requiredText(before, 'PolicyName');
    const isRenamed = old !== requiredText(properties, 'PolicyName');
    const left = isRenamed ? principalsOf(before) : principalChanges(before, properties).gone;
    for (const principal of left) await deleteInline(iam, scope, principal, old);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete({ properties, scope }) {
    const policyName = requiredText(properties, 'PolicyName');
    for (const principal of principalsOf(properties)) await deleteInline(iam, scope, principal, policyName);
  },
});

async function putEverywhere(iam: IamClient, { properties, scope }: ResourceRequest): Promise<void> {
  const principals = principalsOf(properties);
  if (principals.length === 0) throw new Error('At least one of [Groups,Roles,Users] must be non-empty.');
  const policy = {
    PolicyName: requiredText(properties, 'PolicyName'),
    PolicyDocument: documentIn(properties),
  };
  for (const principal of principals) await putInline(iam, scope, principal, policy);
}

/** Its physical id is the policy's ARN. */
export const managedPolicyType = (iam: IamClient): ResourceType => ({
  name: 'AWS::IAM::ManagedPolicy',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const PolicyName =
      textOf(properties, 'ManagedPolicyName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const input = {
      PolicyName,
      PolicyDocument: documentIn(properties),
      Path: textOf(properties, 'Path'),
      Description: textOf(properties, 'Description'),
    };
    let arn = `arn:${partitionOf(scope.region)}:iam::${scope.accountId}:policy${input.Path ?? '/'}${PolicyName}`;
    try {
      arn = (await iam.call('CreatePolicy', input, scope)).Policy?.Arn ?? arn;
    } catch (error) {
      if (!isRetry || !isRefused(error, /^EntityAlreadyExists/)) throw error;
    }
    await finishing(arn, async () => {
      for (const principal of principalsOf(properties)) await attach(iam, scope, principal, arn);
    });
    return stateOf(iam, scope, arn);
  },
  async update({ physicalId, before, properties, scope }) {
    const document = documentIn(properties);
    if (document !== documentIn(before)) await putVersion(iam, scope, physicalId, document);
    const { gone, come } = principalChanges(before, properties);
    for (const principal of gone) await detach(iam, scope, principal, physicalId);
    for (const principal of come) await attach(iam, scope, principal, physicalId);
    return stateOf(iam, scope, physicalId);
  },
  async delete({ physicalId: PolicyArn, scope }) {
    try {
      await detachEverywhere(iam, scope, PolicyArn);
      await iam.call('DeletePolicy', { PolicyArn }, scope);
    } catch (error) {
      if (!isRefused(error, NO_SUCH_ENTITY)) throw error;
    }
  },
});

/** Makes a new default version. A policy has at most five versions, so the oldest one is deleted first if necessary. */
async function putVersion(
  iam: IamClient,
  scope: Scope,
  PolicyArn: string,
  PolicyDocument: string,
): Promise<void> {
  const { Versions } = await iam.call('ListPolicyVersions', { PolicyArn }, scope);
  const others = (Versions ?? []).filter((version) => !version.IsDefaultVersion);
  if ((Versions ?? []).length >= MAX_VERSIONS) {
    const numberOf = (id: string | undefined) => Number(id?.slice(1));
    const oldest = others.sort((a, b) => numberOf(a.VersionId) - numberOf(b.VersionId))[0]!;
    await iam.call('DeletePolicyVersion', { PolicyArn, VersionId: oldest.VersionId! }, scope);
  }
  await iam.call('CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true }, scope);
}

async function detachEverywhere(iam: IamClient, scope: Scope, PolicyArn: string): Promise<void> {
  const holders = await iam.call('ListEntitiesForPolicy', { PolicyArn }, scope);
  const principals = principalsOf({
    Roles: (holders.PolicyRoles ?? []).map((one) => one.RoleName ?? ''),
    Users: (holders.PolicyUsers ?? []).map((one) => one.UserName ?? ''),
    Groups: (holders.PolicyGroups ?? []).map((one) => one.GroupName ?? ''),
  });
  for (const principal of principals) await detach(iam, scope, principal, PolicyArn);
  const { Versions } = await iam.call('ListPolicyVersions', { PolicyArn }, scope);
  for (const { VersionId, IsDefaultVersion } of Versions ?? []) {
    if (!IsDefaultVersion) {
      await iam.call('DeletePolicyVersion', { PolicyArn, VersionId: VersionId! }, scope);
    }
  }
}

async function stateOf(iam: IamClient, scope: Scope, PolicyArn: string): Promise<ResourceState> {
  const { Policy } = await iam.call('GetPolicy', { PolicyArn }, scope);
  return {
    physicalId: PolicyArn,
    attributes: {
      PolicyArn,
      PolicyId: Policy?.PolicyId ?? '',
      DefaultVersionId: Policy?.DefaultVersionId ?? '',
      AttachmentCount: Policy?.AttachmentCount ?? 0,
      PermissionsBoundaryUsageCount: Policy?.PermissionsBoundaryUsageCount ?? 0,
      IsAttachable: Policy?.IsAttachable ?? true,
      CreateDate: Policy?.CreateDate?.toISOString() ?? '',
      UpdateDate: Policy?.UpdateDate?.toISOString() ?? '',
    },
  };
}
