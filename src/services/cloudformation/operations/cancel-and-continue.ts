// CancelUpdateStack and ContinueUpdateRollback.

import { randomUUID } from 'node:crypto';
import { notCancellable, notContinuable, validationError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { beginOperation } from '../stack/begin.ts';
import { stackNamed } from '../stack/lookup.ts';
import { changeStack, resourcesOf } from '../stack/stacks.ts';

/** Starts the rollback of an update that is under way. */
export const CancelUpdateStack: Operation<'CancelUpdateStack'> = (cf, input, context) => {
  const found = stackNamed(cf.records, context, input.StackName);
  changeStack(cf, found.stackId, (stack) => {
    const { operation } = stack;
    if (stack.status !== 'UPDATE_IN_PROGRESS' || !operation) throw notCancellable(stack.stackId);
    operation.cancelled = true;
    operation.onFailure = 'ROLLBACK';
    stack.clientRequestToken = input.ClientRequestToken;
    cf.wake(stack.stackId);
  });
  return {};
};

/** Continues a failed rollback. `ResourcesToSkip` count as done. */
export const ContinueUpdateRollback: Operation<'ContinueUpdateRollback'> = (cf, input, context) => {
  const stack = stackNamed(cf.records, context, input.StackName);
  const { haltedOperation } = stack;
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || !haltedOperation) {
    throw notContinuable(stack.stackId, stack.status);
  }
  const skipped = input.ResourcesToSkip ?? [];
  const resources = resourcesOf(cf, stack);
  for (const logicalId of skipped) {
    if (resources.get(logicalId)?.status !== 'UPDATE_FAILED') {
      throw validationError(
        `ResourcesToSkip contains ${logicalId}, which is not in the UPDATE_FAILED state.`,
      );
    }
  }
  cf.store.transaction(() => {
    // The continued operation retries the resources that failed; the others stay done.
    const operation = { ...haltedOperation, since: cf.clock.now(), skipped, step: 'revert' as const };
    for (const resource of resources.values()) {
      if (resource.status !== 'UPDATE_FAILED') continue;
      cf.records.resources.put(stack.scope, stack.stackId, resource.logicalId, {
        ...resource,
        settledIn: `${randomUUID()}/again`,
      });
    }
    beginOperation(cf, stack.stackId, {
      status: 'UPDATE_ROLLBACK_IN_PROGRESS',
      operation,
      refuse(current) {
        if (current.status !== 'UPDATE_ROLLBACK_FAILED') {
          throw notContinuable(current.stackId, current.status);
        }
      },
    });
  });
  return {};
};
