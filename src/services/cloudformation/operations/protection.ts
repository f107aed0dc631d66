// SetStackPolicy, GetStackPolicy and UpdateTerminationProtection.

import { notOnNestedStack, validationError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { stackNamed } from '../stack/lookup.ts';
import { checkPolicy } from '../stack/policy.ts';
import { changeStack } from '../stack/stacks.ts';
import { policyText } from './inputs.ts';

export const SetStackPolicy: Operation<'SetStackPolicy'> = async (cf, input, context) => {
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

export const GetStackPolicy: Operation<'GetStackPolicy'> = (cf, input, context) => ({
  StackPolicyBody: stackNamed(cf.records, context, input.StackName).policy,
});

export const UpdateTerminationProtection: Operation<'UpdateTerminationProtection'> = (cf, input, context) => {
  const found = stackNamed(cf.records, context, input.StackName);
  if (found.parentId !== undefined) throw notOnNestedStack('UpdateTerminationProtection');
  changeStack(cf, found.stackId, (stack) => {
    stack.terminationProtected = input.EnableTerminationProtection;
  });
  return { StackId: found.stackId };
};
