// DeleteStack. AWS: it succeeds when there is no such stack.

import type { CloudFormation } from '../context.ts';
import { exportInUse, notDeletable, terminationProtected, validationError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { beginOperation, forget, newOperation } from '../stack/begin.ts';
import { findStack, importersOf, isGone } from '../stack/lookup.ts';
import type { StackRecord } from '../stack/model.ts';
import { isDeletable } from '../stack/statuses.ts';

export const DeleteStack: Operation<'DeleteStack'> = (cf, input, { accountId, region }) => {
  const stack = findStack(cf.records, { accountId, region }, input.StackName);
  if (!stack || isGone(stack)) return {};
  if (stack.status === 'DELETE_IN_PROGRESS') return {};
  if (input.RetainResources && input.RetainResources.length > 0 && stack.status !== 'DELETE_FAILED') {
    throw validationError(
      `Invalid operation on stack [${stack.stackId}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  beginDeletion(cf, stack, input.RetainResources ?? [], input.ClientRequestToken);
  return {};
};

/**
 * Starts the deletion. `retained` are logical ids. Throws when the stack is protected, busy, or exports used values.
 */
export function beginDeletion(
  cf: CloudFormation,
  stack: StackRecord,
  retained: string[],
  clientRequestToken?: string,
): void {
  // AWS: a stack in review is removed at once, without an operation.
  if (stack.status === 'REVIEW_IN_PROGRESS') {
    cf.store.transaction(() => forget(cf, stack));
    return;
  }
  beginOperation(cf, stack.stackId, {
    status: 'DELETE_IN_PROGRESS',
    operation: newOperation('delete', cf.clock.now(), { skipped: retained }),
    refuse(current) {
      if (current.terminationProtected) throw terminationProtected(current.stackName);
      if (!isDeletable(current.status)) throw notDeletable(current.stackId, current.status);
      for (const { exportName } of current.outputs) {
        const importers = exportName === undefined ? [] : importersOf(cf.records, current.scope, exportName);
        if (importers.length > 0) throw validationError(exportInUse(exportName!, importers));
      }
    },
    change(current) {
      if (current.operation?.targetId !== undefined) current.definitionId ??= current.operation.targetId;
      current.clientRequestToken = clientRequestToken;
    },
  });
}
