// IAM's resource types for CloudFormation. Each calls IAM's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import { instanceProfileType } from './resource-types/instance-profile.ts';
import { managedPolicyType, policyType } from './resource-types/policies.ts';
import type { IamClient } from './resource-types/principals.ts';
import { roleType } from './resource-types/role.ts';

/** AWS: the error is named DeleteConflict on the wire, DeleteConflictException in the model. */
const IN_THE_WAY = /^DeleteConflict(Exception)?$/;

/** The resource types of IAM. Deletion is retried while IAM answers DeleteConflict. */
export const iamResourceTypes = (iam: IamClient): ResourceType[] =>
  [roleType(iam), instanceProfileType(iam), policyType(iam), managedPolicyType(iam)].map((type) => ({
    ...type,
    inTheWay: IN_THE_WAY,
  }));
