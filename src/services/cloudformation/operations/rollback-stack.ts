// RollbackStack: back from where a creation or an update was left as it failed. `cdk rollback` asks for it.

import type { CloudFormation } from '../context.ts';
import { notRollbackable } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { beginOperation, newOperation } from '../stack/begin.ts';
import { stackNamed } from '../stack/lookup.ts';
import type { StackOperation, StackRecord } from '../stack/model.ts';

const WISH = 'User Initiated';

export const RollbackStack: Operation<'RollbackStack'> = (cf, input, context) => {
  const stack = stackNamed(cf.records, context, input.StackName);
  beginOperation(cf, stack.stackId, {
    status: stack.status === 'CREATE_FAILED' ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS',
    operation: { ...wayBack(cf, stack), retainExceptOnCreate: input.RetainExceptOnCreate },
    refuse(current) {
      if (current.status !== stack.status) throw notRollbackable(current.stackId, current.status);
    },
    change(current) {
      current.clientRequestToken = input.ClientRequestToken;
    },
  });
  return { StackId: stack.stackId };
};

function wayBack(
  cf: CloudFormation,
  { stackId, status, haltedOperation: halted }: StackRecord,
): StackOperation {
  const since = cf.clock.now();
  if (status === 'CREATE_FAILED') return newOperation('create', since, { step: 'revert', failure: WISH });
  if (status === 'UPDATE_FAILED' && halted) return { ...halted, since, step: 'revert', failure: WISH };
  throw notRollbackable(stackId, status);
}
