// SetStackPolicy, GetStackPolicy and UpdateTerminationProtection.

import type { CloudFormation, Operation } from '../cloudformation.ts';
import { nestedIsNotYours, validationError } from '../faults.ts';
import { stackNamed } from '../stack/lookup.ts';
import { checkPolicy } from '../stack/policy.ts';
import { changeStack } from '../stack/stacks.ts';
import { policyText } from './wishes.ts';

export const setStackPolicy =
  (cf: CloudFormation): Operation<'SetStackPolicy'> =>
  async (input, context) => {
    const { stackId } = stackNamed(cf.records, context, input.StackName);
    const policy = await policyText(cf, context, input.StackPolicyBody, input.StackPolicyURL);
    if (policy === undefined)
      throw validationError('Either StackPolicyBody or StackPolicyURL must be specified.');
    checkPolicy(policy);
    changeStack(cf, stackId, (stack) => {
      stack.policy = policy;
    });
    return {};
  };

export const getStackPolicy =
  (cf: CloudFormation): Operation<'GetStackPolicy'> =>
  (input, context) => ({ StackPolicyBody: stackNamed(cf.records, context, input.StackName).policy });

export const updateTerminationProtection =
  (cf: CloudFormation): Operation<'UpdateTerminationProtection'> =>
  (input, context) => {
    const found = stackNamed(cf.records, context, input.StackName);
    if (found.parentId !== undefined) throw nestedIsNotYours('UpdateTerminationProtection');
    changeStack(cf, found.stackId, (stack) => {
      stack.terminationProtected = input.EnableTerminationProtection;
    });
    return { StackId: found.stackId };
  };
