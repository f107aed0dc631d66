// IAM: roles, policies, instance profiles, users and groups are recorded and returned. Nothing is enforced: whoever
// reaches Millpond may do everything.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import { openDirectory } from './directory.ts';
import { attachedPolicyOperations } from './operations/attached-policies.ts';
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listGroupsForUser,
  removeUserFromGroup,
} from './operations/groups.ts';
import { inlinePolicyOperations } from './operations/inline-policies.ts';
import {
  addRoleToInstanceProfile,
  createInstanceProfile,
  deleteInstanceProfile,
  getInstanceProfile,
  listInstanceProfiles,
  listInstanceProfilesForRole,
  removeRoleFromInstanceProfile,
} from './operations/instance-profiles.ts';
import {
  createPolicy,
  deletePolicy,
  getPolicy,
  listEntitiesForPolicy,
  listPolicies,
} from './operations/policies.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './operations/policy-versions.ts';
import {
  createRole,
  deleteRole,
  deleteRolePermissionsBoundary,
  getRole,
  listRoles,
  putRolePermissionsBoundary,
  updateAssumeRolePolicy,
  updateRole,
  updateRoleDescription,
} from './operations/roles.ts';
import { tagOperations } from './operations/tags.ts';
import {
  createAccessKey,
  createUser,
  deleteAccessKey,
  deleteUser,
  getUser,
  listAccessKeys,
  listUsers,
} from './operations/users.ts';

export type Iam = typeof import('@aws-sdk/client-iam');

export function createIam({ store, clock }: { store: Store; clock: Clock }): Service {
  const directory = openDirectory(store, clock);
  return defineService<Iam>(
    'iam',
    {
      AddRoleToInstanceProfile: addRoleToInstanceProfile(directory),
      AddUserToGroup: addUserToGroup(directory),
      CreateAccessKey: createAccessKey(directory),
      CreateGroup: createGroup(directory),
      CreateInstanceProfile: createInstanceProfile(directory),
      CreatePolicy: createPolicy(directory),
      CreatePolicyVersion: createPolicyVersion(directory),
      CreateRole: createRole(directory),
      CreateUser: createUser(directory),
      DeleteAccessKey: deleteAccessKey(directory),
      DeleteGroup: deleteGroup(directory),
      DeleteInstanceProfile: deleteInstanceProfile(directory),
      DeletePolicy: deletePolicy(directory),
      DeletePolicyVersion: deletePolicyVersion(directory),
      DeleteRole: deleteRole(directory),
      DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary(directory),
      DeleteUser: deleteUser(directory),
      GetGroup: getGroup(directory),
      GetInstanceProfile: getInstanceProfile(directory),
      GetPolicy: getPolicy(directory),
      GetPolicyVersion: getPolicyVersion(directory),
      GetRole: getRole(directory),
      GetUser: getUser(directory),
      ListAccessKeys: listAccessKeys(directory),
      ListEntitiesForPolicy: listEntitiesForPolicy(directory),
      ListGroups: listGroups(directory),
      ListGroupsForUser: listGroupsForUser(directory),
      ListInstanceProfiles: listInstanceProfiles(directory),
      ListInstanceProfilesForRole: listInstanceProfilesForRole(directory),
      ListPolicies: listPolicies(directory),
      ListPolicyVersions: listPolicyVersions(directory),
      ListRoles: listRoles(directory),
      ListUsers: listUsers(directory),
      PutRolePermissionsBoundary: putRolePermissionsBoundary(directory),
      RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile(directory),
      RemoveUserFromGroup: removeUserFromGroup(directory),
      SetDefaultPolicyVersion: setDefaultPolicyVersion(directory),
      UpdateAssumeRolePolicy: updateAssumeRolePolicy(directory),
      UpdateRole: updateRole(directory),
      UpdateRoleDescription: updateRoleDescription(directory),
      ...inlinePolicyOperations(directory),
      ...attachedPolicyOperations(directory),
      ...tagOperations(directory),
    },
    { constraints },
  );
}
