// Instance profiles: each holds at most one role and gives it to EC2 instances.

import type { InstanceProfile } from '@aws-sdk/client-iam';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { Iam } from '../context.ts';
import { limitExceeded, mustFirst, noSuchEntity } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, pageBelow, pageBy, pagingOf } from '../lists.ts';
import type { InstanceProfileRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';
import { viewRole } from './roles.ts';

const profilePages = iamPages('instance profiles');
const ofRolePages = iamPages('instance profiles of a role');

/** Throws EntityAlreadyExists or LimitExceeded. The profile has no role at first. */
export const CreateInstanceProfile: Operation<'CreateInstanceProfile'> = (iam, input, context) => {
  const profile: InstanceProfileRecord = {
    name: input.InstanceProfileName,
    path: pathOf(input.Path),
    id: newId('AIPA'),
    tags: tagging.add({}, input.Tags, context),
    createdAt: iam.clock.now(),
  };
  iam.store.transaction(() => iam.records.instanceProfiles.add(context, profile));
  return { InstanceProfile: viewInstanceProfile(iam, context, profile) };
};

export const GetInstanceProfile: Operation<'GetInstanceProfile'> = (iam, input, context) => {
  const profile = iam.records.instanceProfiles.existing(context, input.InstanceProfileName);
  return { InstanceProfile: viewInstanceProfile(iam, context, profile) };
};

export const ListInstanceProfiles: Operation<'ListInstanceProfiles'> = async (iam, input, context) => {
  const page = await pageBelow(profilePages, iam.records.instanceProfiles, context, input);
  return {
    InstanceProfiles: page.items.map((one) => viewInstanceProfile(iam, context, one)),
    ...pagingOf(page),
  };
};

export const ListInstanceProfilesForRole: Operation<'ListInstanceProfilesForRole'> = (
  iam,
  input,
  context,
) => {
  const role = iam.records.roles.existing(context, input.RoleName);
  const page = pageBy(ofRolePages, iam.records.instanceProfiles, context, ['role', role.name], input);
  return {
    InstanceProfiles: page.items.map((one) => viewInstanceProfile(iam, context, one)),
    ...pagingOf(page),
  };
};

/** Throws LimitExceeded if the profile has a role. */
export const AddRoleToInstanceProfile: Operation<'AddRoleToInstanceProfile'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const profile = iam.records.instanceProfiles.existing(context, input.InstanceProfileName);
    const role = iam.records.roles.existing(context, input.RoleName);
    if (profile.role) throw limitExceeded('InstanceSessionsPerInstanceProfile', 1);
    iam.records.instanceProfiles.put(context, { ...profile, role: role.name });
  });
  return {};
};

/** Throws NoSuchEntity if the profile does not have the role. */
export const RemoveRoleFromInstanceProfile: Operation<'RemoveRoleFromInstanceProfile'> = (
  iam,
  input,
  context,
) => {
  iam.store.transaction(() => {
    const { role, ...profile } = iam.records.instanceProfiles.existing(context, input.InstanceProfileName);
    if (role?.toLowerCase() !== input.RoleName.toLowerCase()) {
      throw noSuchEntity(`Role ${input.RoleName} in instance profile ${profile.name} cannot be found.`);
    }
    iam.records.instanceProfiles.put(context, profile);
  });
  return {};
};

/** Throws DeleteConflict while the profile has a role. */
export const DeleteInstanceProfile: Operation<'DeleteInstanceProfile'> = (iam, input, context) => {
  iam.store.transaction(() => {
    const profile = iam.records.instanceProfiles.existing(context, input.InstanceProfileName);
    if (profile.role) throw mustFirst('remove roles from instance profile');
    iam.records.instanceProfiles.remove(context, profile.name);
  });
  return {};
};

/** AWS's view of an instance profile, with its role if the role still exists. */
export function viewInstanceProfile(iam: Iam, scope: Scope, profile: InstanceProfileRecord): InstanceProfile {
  const role = profile.role === undefined ? undefined : iam.records.roles.find(scope, profile.role);
  return {
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: arnOf(scope, 'instance-profile', profile),
    Path: profile.path,
    CreateDate: new Date(profile.createdAt),
    Roles: role ? [viewRole(scope, role)] : [],
    Tags: listTags(profile.tags),
  };
}
