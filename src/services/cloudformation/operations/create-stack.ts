// CreateStack. It validates the template and the parameters before it writes anything.

import { stackAlreadyExists } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { createStack, newOperation, newStackId } from '../stack/begin.ts';
import { findStack } from '../stack/lookup.ts';
import { checkPolicy } from '../stack/policy.ts';
import { prepareDefinition } from '../stack/prepare.ts';
import { definitionRequest, onFailureOf, policyText } from './inputs.ts';

/** Stores the stack with its definition and starts the operation. */
export const CreateStack: Operation<'CreateStack'> = async (cf, input, context) => {
  const { accountId, region } = context;
  const scope = { accountId, region };
  const stackName = input.StackName;
  const existing = findStack(cf.records, scope, stackName);
  // AWS: a repeated request with the same ClientRequestToken answers the same stack.
  if (existing) {
    const isSame =
      input.ClientRequestToken !== undefined && existing.clientRequestToken === input.ClientRequestToken;
    if (isSame) return { StackId: existing.stackId };
    throw stackAlreadyExists(stackName);
  }
  const policy = await policyText(cf, scope, input.StackPolicyBody, input.StackPolicyURL);
  if (policy !== undefined) checkPolicy(policy);
  const stackId = newStackId(scope, stackName);
  const operation = newOperation('create', cf.clock.now(), {
    onFailure: onFailureOf(input),
    retainExceptOnCreate: input.RetainExceptOnCreate,
  });
  const request = await definitionRequest(cf, scope, undefined, input);
  const prepared = await prepareDefinition(cf, { scope, stackId, stackName }, operation.id, request);
  createStack(cf, prepared, {
    ...{ scope, stackId, stackName, operation, policy },
    terminationProtected: input.EnableTerminationProtection ?? false,
    timeoutMinutes: input.TimeoutInMinutes,
    clientRequestToken: input.ClientRequestToken,
  });
  return { StackId: stackId };
};
