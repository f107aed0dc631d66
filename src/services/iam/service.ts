// IAM: roles, policies, instance profiles, users and groups are recorded and returned. Nothing is enforced: whoever
// reaches Millpond may do everything.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineHandlers, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import { openDirectory } from './directory.ts';
import { absentFeatures } from './operations/absent-features.ts';
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
} from './operations/access-keys.ts';
import { getAccountAuthorizationDetails } from './operations/account-details.ts';
import { attachedPolicyOperations } from './operations/attached-policies.ts';
import { boundaryOperations } from './operations/boundaries.ts';
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listGroupsForUser,
  removeUserFromGroup,
  updateGroup,
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
  createLoginProfile,
  deleteLoginProfile,
  getLoginProfile,
  updateLoginProfile,
} from './operations/login-profiles.ts';
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
  getRole,
  listRoles,
  updateAssumeRolePolicy,
  updateRole,
  updateRoleDescription,
} from './operations/roles.ts';
import {
  createServiceLinkedRole,
  deleteServiceLinkedRole,
  getServiceLinkedRoleDeletionStatus,
} from './operations/service-linked-roles.ts';
import { tagOperations } from './operations/tags.ts';
import { createUser, deleteUser, getUser, listUsers, updateUser } from './operations/users.ts';

export type Iam = typeof import('@aws-sdk/client-iam');

export function createIam({ store, clock }: { store: Store; clock: Clock }): Service {
  const directory = openDirectory(store, clock);
  return defineHandlers<Iam>(
    'iam',
    {
      AddRoleToInstanceProfile: addRoleToInstanceProfile(directory),
      AddUserToGroup: addUserToGroup(directory),
      CreateAccessKey: createAccessKey(directory),
      CreateGroup: createGroup(directory),
      CreateInstanceProfile: createInstanceProfile(directory),
      CreateLoginProfile: createLoginProfile(directory),
      CreatePolicy: createPolicy(directory),
      CreatePolicyVersion: createPolicyVersion(directory),
      CreateRole: createRole(directory),
      CreateServiceLinkedRole: createServiceLinkedRole(directory),
      CreateUser: createUser(directory),
      DeleteAccessKey: deleteAccessKey(directory),
      DeleteGroup: deleteGroup(directory),
      DeleteInstanceProfile: deleteInstanceProfile(directory),
      DeleteLoginProfile: deleteLoginProfile(directory),
      DeletePolicy: deletePolicy(directory),
      DeletePolicyVersion: deletePolicyVersion(directory),
      DeleteRole: deleteRole(directory),
      DeleteServiceLinkedRole: deleteServiceLinkedRole(directory),
      DeleteUser: deleteUser(directory),
      GetAccessKeyLastUsed: getAccessKeyLastUsed(directory),
      GetAccountAuthorizationDetails: getAccountAuthorizationDetails(directory),
      GetGroup: getGroup(directory),
      GetInstanceProfile: getInstanceProfile(directory),
      GetLoginProfile: getLoginProfile(directory),
      GetPolicy: getPolicy(directory),
      GetPolicyVersion: getPolicyVersion(directory),
      GetRole: getRole(directory),
      GetServiceLinkedRoleDeletionStatus: getServiceLinkedRoleDeletionStatus(),
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
      RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile(directory),
      RemoveUserFromGroup: removeUserFromGroup(directory),
      SetDefaultPolicyVersion: setDefaultPolicyVersion(directory),
      UpdateAccessKey: updateAccessKey(directory),
      UpdateAssumeRolePolicy: updateAssumeRolePolicy(directory),
      UpdateGroup: updateGroup(directory),
      UpdateLoginProfile: updateLoginProfile(directory),
      UpdateRole: updateRole(directory),
      UpdateRoleDescription: updateRoleDescription(directory),
      UpdateUser: updateUser(directory),
      ...absentFeatures(directory),
      ...boundaryOperations(directory),
      ...inlinePolicyOperations(directory),
      ...attachedPolicyOperations(directory),
      ...tagOperations(directory),
    },
    { constraints },
  );
}
