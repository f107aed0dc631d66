// The resource type AWS::IAM::Role, with its inline and attached policies.

import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { createOnce, finishing, isRefused, unless } from '../../../control/resource-attempts.ts';
import {
  changesOf,
  listOf,
  numberOf,
  objectsOf,
  renderTags,
  requiredDocument,
  requiredText,
  tagsOf,
  textOf,
} from '../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import {
  attach,
  deleteInline,
  detach,
  type IamClient,
  type InlinePolicy,
  NO_SUCH_ENTITY,
  type Principal,
  putInline,
} from './principals.ts';

const LONGEST_NAME = 64;
const TRUST = 'AssumeRolePolicyDocument';

/** Its physical id is the role's name. */
export const roleType = (iam: IamClient): ResourceType => ({
  name: 'AWS::IAM::Role',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const RoleName = textOf(properties, 'RoleName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const input = {
      RoleName,
      [TRUST]: requiredDocument(properties, TRUST),
      Path: textOf(properties, 'Path'),
      Description: textOf(properties, 'Description'),
      MaxSessionDuration: numberOf(properties, 'MaxSessionDuration'),
      PermissionsBoundary: textOf(properties, 'PermissionsBoundary'),
      Tags: renderTags(tagsOf(request)),
    };
    await createOnce({ isRetry }, /^EntityAlreadyExists/, iam.call('CreateRole', input, scope));
    await finishing(RoleName, async () => {
      await changePolicies(iam, scope, RoleName, {}, properties);
    });
    return stateOf(iam, scope, RoleName);
  },
  async update(request) {
    const { physicalId: RoleName, properties, before, scope } = request;
    const PolicyDocument = requiredDocument(properties, TRUST);
    await iam.call('UpdateAssumeRolePolicy', { RoleName, PolicyDocument }, scope);
    const Description = textOf(properties, 'Description') ?? '';
    const MaxSessionDuration = numberOf(properties, 'MaxSessionDuration') ?? 3_600;
    await iam.call('UpdateRole', { RoleName, Description, MaxSessionDuration }, scope);
    const PermissionsBoundary = textOf(properties, 'PermissionsBoundary');
    if (PermissionsBoundary) {
      await iam.call('PutRolePermissionsBoundary', { RoleName, PermissionsBoundary }, scope);
    } else if (textOf(before, 'PermissionsBoundary')) {
      await iam.call('DeleteRolePermissionsBoundary', { RoleName }, scope);
    }
    await changePolicies(iam, scope, RoleName, before, properties);
    await retag(iam, request);
    return stateOf(iam, scope, RoleName);
  },
  async delete({ physicalId: RoleName, scope }) {
    try {
      await removePolicies(iam, scope, RoleName);
      await iam.call('DeleteRole', { RoleName }, scope);
    } catch (error) {
      if (!isRefused(error, NO_SUCH_ENTITY)) throw error;
    }
  },
});

const inlineOf = (properties: Properties): InlinePolicy[] =>
  objectsOf(properties, 'Policies').map((policy) => ({
    PolicyName: requiredText(policy, 'PolicyName'),
    PolicyDocument: requiredDocument(policy, 'PolicyDocument'),
  }));

async function changePolicies(
  iam: IamClient,
  scope: Scope,
  name: string,
  before: Properties,
  after: Properties,
): Promise<void> {
  const role: Principal = { kind: 'Roles', name };
  const managed = (properties: Properties) => listOf(properties, 'ManagedPolicyArns') ?? [];
  const attached = changesOf(managed(before), managed(after), (arn) => arn);
  const inline = changesOf(inlineOf(before), inlineOf(after), (policy) => policy.PolicyName);
  for (const arn of attached.gone) await detach(iam, scope, role, arn);
  for (const policy of inline.gone) await deleteInline(iam, scope, role, policy.PolicyName);
  for (const arn of attached.come) await attach(iam, scope, role, arn);
  for (const policy of inlineOf(after)) await putInline(iam, scope, role, policy);
}

/** AWS: deleting a role of a stack also removes policies that another resource or client gave it. */
async function removePolicies(iam: IamClient, scope: Scope, RoleName: string): Promise<void> {
  const role: Principal = { kind: 'Roles', name: RoleName };
  const { AttachedPolicies } = await iam.call('ListAttachedRolePolicies', { RoleName }, scope);
  for (const { PolicyArn } of AttachedPolicies ?? []) await detach(iam, scope, role, PolicyArn!);
  const { PolicyNames } = await iam.call('ListRolePolicies', { RoleName }, scope);
  for (const policyName of PolicyNames ?? []) await deleteInline(iam, scope, role, policyName);
}

async function stateOf(iam: IamClient, scope: Scope, RoleName: string): Promise<ResourceState> {
  const { Role } = await iam.call('GetRole', { RoleName }, scope);
  return { physicalId: RoleName, attributes: { Arn: Role?.Arn ?? '', RoleId: Role?.RoleId ?? '' } };
}

async function retag(iam: IamClient, request: ExistingResource): Promise<void> {
  const { scope, physicalId: RoleName } = request;
  const wanted = tagsOf(request);
  const { Tags } = await iam.call('ListRoleTags', { RoleName }, scope);
  const TagKeys = (Tags ?? []).map((tag) => tag.Key ?? '').filter((key) => !Object.hasOwn(wanted, key));
  if (TagKeys.length > 0) await unless(NO_SUCH_ENTITY, iam.call('UntagRole', { RoleName, TagKeys }, scope));
  if (Object.keys(wanted).length > 0)
    await iam.call('TagRole', { RoleName, Tags: renderTags(wanted) }, scope);
}
