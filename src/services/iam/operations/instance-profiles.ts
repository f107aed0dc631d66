// Instance profiles: what an instance wears, with one role inside.

import type { InstanceProfile } from '@aws-sdk/client-iam';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { limitExceeded, mustFirst, noSuchEntity } from '../faults.ts';
import { arnOf, newId, pathOf } from '../identifiers.ts';
import { iamPages, pageBelow, pageBy, pagingOf } from '../lists.ts';
import type { InstanceProfileRecord } from '../records.ts';
import type { Iam } from '../service.ts';
import { tagging } from '../tags.ts';
import { viewRole } from './roles.ts';

const profilePages = iamPages('instance profiles');
const ofRolePages = iamPages('instance profiles of a role');

export function createInstanceProfile(directory: Directory): HandlerOf<Iam, 'CreateInstanceProfile'> {
  return (input, context) => {
    const profile: InstanceProfileRecord = {
      name: input.InstanceProfileName,
      path: pathOf(input.Path),
      id: newId('AIPA'),
      tags: tagging.add({}, input.Tags, context),
      createdAt: directory.now(),
    };
    directory.transaction(() => directory.instanceProfiles.add(context, profile));
    return { InstanceProfile: viewInstanceProfile(directory, context, profile) };
  };
}

export function getInstanceProfile(directory: Directory): HandlerOf<Iam, 'GetInstanceProfile'> {
  return (input, context) => {
    const profile = directory.instanceProfiles.existing(context, input.InstanceProfileName);
    return { InstanceProfile: viewInstanceProfile(directory, context, profile) };
  };
}

export function listInstanceProfiles(directory: Directory): HandlerOf<Iam, 'ListInstanceProfiles'> {
  return async (input, context) => {
    const page = await pageBelow(profilePages, directory.instanceProfiles, context, input);
    return {
      InstanceProfiles: page.items.map((one) => viewInstanceProfile(directory, context, one)),
      ...pagingOf(page),
    };
  };
}

export function listInstanceProfilesForRole(
  directory: Directory,
): HandlerOf<Iam, 'ListInstanceProfilesForRole'> {
  return (input, context) => {
    const role = directory.roles.existing(context, input.RoleName);
    const page = pageBy(ofRolePages, directory.instanceProfiles, context, ['role', role.name], input);
    return {
      InstanceProfiles: page.items.map((one) => viewInstanceProfile(directory, context, one)),
      ...pagingOf(page),
    };
  };
}

export function addRoleToInstanceProfile(directory: Directory): HandlerOf<Iam, 'AddRoleToInstanceProfile'> {
  return (input, context) => {
    directory.transaction(() => {
      const profile = directory.instanceProfiles.existing(context, input.InstanceProfileName);
      const role = directory.roles.existing(context, input.RoleName);
      if (profile.role) throw limitExceeded('InstanceSessionsPerInstanceProfile', 1);
      directory.instanceProfiles.put(context, { ...profile, role: role.name });
    });
    return {};
  };
}

export function removeRoleFromInstanceProfile(
  directory: Directory,
): HandlerOf<Iam, 'RemoveRoleFromInstanceProfile'> {
  return (input, context) => {
    directory.transaction(() => {
      const { role, ...profile } = directory.instanceProfiles.existing(context, input.InstanceProfileName);
      if (role?.toLowerCase() !== input.RoleName.toLowerCase()) {
        throw noSuchEntity(`Role ${input.RoleName} in instance profile ${profile.name} cannot be found.`);
      }
      directory.instanceProfiles.put(context, profile);
    });
    return {};
  };
}

export function deleteInstanceProfile(directory: Directory): HandlerOf<Iam, 'DeleteInstanceProfile'> {
  return (input, context) => {
    directory.transaction(() => {
      const profile = directory.instanceProfiles.existing(context, input.InstanceProfileName);
      if (profile.role) throw mustFirst('remove roles from instance profile');
      directory.instanceProfiles.remove(context, profile.name);
    });
    return {};
  };
}

export function viewInstanceProfile(
  directory: Directory,
  scope: Scope,
  profile: InstanceProfileRecord,
): InstanceProfile {
  const role = profile.role === undefined ? undefined : directory.roles.find(scope, profile.role);
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
