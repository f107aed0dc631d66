// UpdateStack, with a new template or with the deployed one.

import { hasChanges } from '../change/index.ts';
import { notUpdatable, noUpdates } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { beginOperation, newOperation, towards } from '../stack/begin.ts';
import { changeTreeFor } from '../stack/changes.ts';
import { keepDefinition } from '../stack/definitions.ts';
import { stackNamed } from '../stack/lookup.ts';
import { checkPolicy } from '../stack/policy.ts';
import { prepareDefinition, withFaults } from '../stack/prepare.ts';
import { isUpdatable } from '../stack/statuses.ts';
import { definitionRequest, policyText } from './inputs.ts';

/** AWS: an update without changes answers ValidationError, except for a stack in a failed status. */
export const UpdateStack: Operation<'UpdateStack'> = async (cf, input, context) => {
  const { accountId, region } = context;
  const scope = { accountId, region };
  const stack = stackNamed(cf.records, scope, input.StackName);
  if (!isUpdatable(stack.status)) throw notUpdatable(stack.stackId, stack.status);
  const policy = await policyText(cf, scope, input.StackPolicyBody, input.StackPolicyURL);
  const duringUpdate = await policyText(
    cf,
    scope,
    input.StackPolicyDuringUpdateBody,
    input.StackPolicyDuringUpdateURL,
  );
  for (const text of [policy, duringUpdate]) if (text !== undefined) checkPolicy(text);
  const operation = newOperation('update', cf.clock.now(), {
    onFailure: input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK',
    policyDuringUpdate: duringUpdate,
    retainExceptOnCreate: input.RetainExceptOnCreate,
  });
  const request = await definitionRequest(cf, scope, stack, input);
  const prepared = await prepareDefinition(cf, stack, operation.id, request);
  const tree = await withFaults(() => changeTreeFor(cf, stack, prepared));
  const isRepair = stack.status === 'CREATE_FAILED' || stack.status === 'UPDATE_FAILED';
  const isVoid = !isRepair && !prepared.failedTransform && !hasChanges(tree);
  if (isVoid && policy === undefined) throw noUpdates();
  beginOperation(cf, stack.stackId, {
    status: 'UPDATE_IN_PROGRESS',
    operation: towards(prepared, operation),
    refuse(current) {
      if (!isUpdatable(current.status)) throw notUpdatable(current.stackId, current.status);
    },
    change(current) {
      keepDefinition(cf, scope, prepared);
      current.updatedAt = cf.clock.now();
      current.clientRequestToken = input.ClientRequestToken;
      if (policy !== undefined) current.policy = policy;
      if (input.DisableRollback !== undefined) current.disableRollback = input.DisableRollback;
    },
  });
  return { StackId: stack.stackId };
};
