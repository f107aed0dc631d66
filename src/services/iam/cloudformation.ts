// IAM's resource types, for CloudFormation: each over IAM's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import { instanceProfileType } from './resource-types/instance-profile.ts';
import { managedPolicyType, policyType } from './resource-types/policies.ts';
import type { IamClient } from './resource-types/principals.ts';
import { roleType } from './resource-types/role.ts';

/** AWS: DeleteConflict on the wire. */
const IN_THE_WAY = /^DeleteConflict(Exception)?$/;

export const iamResourceTypes = (iam: IamClient): ResourceType[] =>
  [roleType(iam), instanceProfileType(iam), policyType(iam), managedPolicyType(iam)].map((type) => ({
    ...type,
    inTheWay: IN_THE_WAY,
  }));
