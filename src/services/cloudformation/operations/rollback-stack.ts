// RollbackStack: rolls back a create or update that failed with rollback disabled. `cdk rollback` uses it.

import type { CloudFormation } from '../context.ts';
import { notRollbackable } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { beginOperation, newOperation } from '../stack/begin.ts';
import { stackNamed } from '../stack/lookup.ts';
import type { StackOperation, StackRecord } from '../stack/model.ts';

const REASON = 'User Initiated';

export const RollbackStack: Operation<'RollbackStack'> = (cf, input, context) => {
  const stack = stackNamed(cf.records, context, input.StackName);
  beginOperation(cf, stack.stackId, {
    status: stack.status === 'CREATE_FAILED' ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS',
    operation: { ...rollbackOf(cf, stack), retainExceptOnCreate: input.RetainExceptOnCreate },
    refuse(current) {
      if (current.status !== stack.status) throw notRollbackable(current.stackId, current.status);
    },
    change(current) {
      current.clientRequestToken = input.ClientRequestToken;
    },
  });
  return { StackId: stack.stackId };
};

function rollbackOf(
  cf: CloudFormation,
  { stackId, status, haltedOperation: halted }: StackRecord,
): StackOperation {
  const since = cf.clock.now();
  if (status === 'CREATE_FAILED') return newOperation('create', since, { step: 'revert', failure: REASON });
  if (status === 'UPDATE_FAILED' && halted) return { ...halted, since, step: 'revert', failure: REASON };
  throw notRollbackable(stackId, status);
}
