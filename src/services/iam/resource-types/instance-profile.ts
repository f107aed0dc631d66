// The resource type AWS::IAM::InstanceProfile.

import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { createOnce, finishing, isRefused, unless } from '../../../control/resource-attempts.ts';
import { listOf, textOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import { type IamClient, NO_SUCH_ENTITY } from './principals.ts';

const LONGEST_NAME = 128;

/** Its physical id is the profile's name. */
export const instanceProfileType = (iam: IamClient): ResourceType => ({
  name: 'AWS::IAM::InstanceProfile',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const name =
      textOf(properties, 'InstanceProfileName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const input = { InstanceProfileName: name, Path: textOf(properties, 'Path') };
    await createOnce({ isRetry }, /^EntityAlreadyExists/, iam.call('CreateInstanceProfile', input, scope));
    await finishing(name, async () => {
      await setRoles(iam, scope, name, properties);
    });
    return stateOf(iam, scope, name);
  },
  async update({ physicalId, properties, scope }) {
    await setRoles(iam, scope, physicalId, properties);
    return stateOf(iam, scope, physicalId);
  },
  async delete({ physicalId: InstanceProfileName, scope }) {
    try {
      await setRoles(iam, scope, InstanceProfileName, {});
      await iam.call('DeleteInstanceProfile', { InstanceProfileName }, scope);
    } catch (error) {
      if (!isRefused(error, NO_SUCH_ENTITY)) throw error;
    }
  },
});

/** Replaces the profile's role by that of the properties. The profile may have at most one. */
async function setRoles(
  iam: IamClient,
  scope: Scope,
  InstanceProfileName: string,
  properties: Properties,
): Promise<void> {
  const { InstanceProfile } = await iam.call('GetInstanceProfile', { InstanceProfileName }, scope);
  const held = (InstanceProfile?.Roles ?? []).map((role) => role.RoleName ?? '');
  const wanted = listOf(properties, 'Roles') ?? [];
  for (const RoleName of held.filter((name) => !wanted.includes(name))) {
    await unless(
      NO_SUCH_ENTITY,
      iam.call('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }, scope),
    );
  }
  for (const RoleName of wanted.filter((name) => !held.includes(name))) {
    await iam.call('AddRoleToInstanceProfile', { InstanceProfileName, RoleName }, scope);
  }
}

async function stateOf(iam: IamClient, scope: Scope, InstanceProfileName: string): Promise<ResourceState> {
  const { InstanceProfile } = await iam.call('GetInstanceProfile', { InstanceProfileName }, scope);
  return { physicalId: InstanceProfileName, attributes: { Arn: InstanceProfile?.Arn ?? '' } };
}
