// Starts an operation: writes the stack's record and the first event in one transaction, and wakes the executor.

import { randomUUID } from 'node:crypto';
import { renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import { stackAlreadyExists, tooManyStacks, validationError } from '../faults.ts';
import { forgetDefinitions, keepDefinition, supersede } from './definitions.ts';
import { findStack } from './lookup.ts';
import type { StackOperation, StackRecord, StackStatus } from './model.ts';
import type { Prepared } from './prepare.ts';
import { changeStack, putStack, setStatus } from './stacks.ts';

/** AWS's quota of stacks in a region. */
const MOST_STACKS = 2_000;
const MOST_DELETED = 500;

/** The ARN of a new stack, which ends in a random UUID. */
export const newStackId = (scope: Scope, stackName: string): string =>
  renderArn('cloudformation', scope, `stack/${stackName}/${randomUUID()}`);

/** An operation that starts `now`, in milliseconds since the epoch. `more` overrides the defaults. */
export const newOperation = (
  kind: StackOperation['kind'],
  now: number,
  more: Partial<StackOperation> = {},
): StackOperation => ({
  id: randomUUID(),
  kind,
  step: kind === 'delete' ? 'delete' : 'apply',
  since: now,
  onFailure: 'ROLLBACK',
  skipped: [],
  ...more,
});

/** The operation with the definition as its target; it rolls back if a transform failed. */
export const towards = (
  { definition, failedTransform }: Prepared,
  operation: StackOperation,
): StackOperation => ({
  ...operation,
  targetId: definition.id,
  failedTransform: failedTransform?.message,
});

/** For the stack that a change set will create: the model does not constrain that name. Throws a ValidationError. */
export function checkStackName(name: string): void {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return;
  throw validationError(
    `1 validation error detected: Value '${name.slice(0, 200)}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}

/** The fields of a stack record that the caller chooses. */
export interface NewStack
  extends Pick<
    StackRecord,
    | 'stackId'
    | 'stackName'
    | 'scope'
    | 'terminationProtected'
    | 'disableRollback'
    | 'timeoutMinutes'
    | 'policy'
    | 'parentId'
    | 'rootId'
    | 'clientRequestToken'
    | 'changeSetId'
  > {
  status: StackStatus;
  operation?: StackOperation | undefined;
}

/**
 * Stores a new stack with its definition, and starts the operation that creates it. Throws as `addStack` does.
 */
export function createStack(
  cf: CloudFormation,
  prepared: Prepared,
  stack: Omit<NewStack, 'status' | 'disableRollback'> & { operation: StackOperation },
): void {
  const operation = towards(prepared, stack.operation);
  cf.store.transaction(() => {
    keepDefinition(cf, stack.scope, prepared);
    addStack(cf, {
      ...stack,
      operation,
      status: 'CREATE_IN_PROGRESS',
      disableRollback: operation.onFailure === 'DO_NOTHING',
    });
  });
}

/**
 * Stores the stack and wakes the executor. Call it in a transaction. Throws AlreadyExistsException, and
 * LimitExceededException beyond the quota.
 */
export function addStack(cf: CloudFormation, { status, ...rest }: NewStack): StackRecord {
  const { scope, stackName } = rest;
  if (findStack(cf.records, scope, stackName)) throw stackAlreadyExists(stackName);
  enforceLimits(cf, scope);
  const stack: StackRecord = {
    ...rest,
    status,
    createdAt: cf.clock.now(),
    outputs: [],
    imports: [],
    eventCount: 0,
  };
  setStatus(cf, stack, status, 'User Initiated');
  putStack(cf, stack);
  cf.wake(stack.stackId);
  return stack;
}

/**
 * Starts an operation on an existing stack, in one transaction. `refuse` gets the current stack first and throws when
 * it does not allow the operation; `change` can alter other fields of the record.
 */
export function beginOperation(
  cf: CloudFormation,
  stackId: string,
  options: {
    status: StackStatus;
    operation: StackOperation;
    reason?: string | undefined;
    refuse(stack: StackRecord): void;
    change?(stack: StackRecord): void;
  },
): void {
  changeStack(cf, stackId, (stack) => {
    options.refuse(stack);
    options.change?.(stack);
    stack.operation = options.operation;
    const { haltedOperation: halted } = stack;
    if (stack.status === 'UPDATE_FAILED' && halted && options.operation.kind === 'update') {
      stack.operation.baseId ??= halted.baseId ?? halted.id;
    }
    supersede(stack, halted?.targetId);
    stack.haltedOperation = undefined;
    setStatus(cf, stack, options.status, options.reason ?? 'User Initiated');
    cf.wake(stackId);
  });
}

/** Throws beyond the quota. Forgets the oldest deleted stacks when there are too many. */
function enforceLimits(cf: CloudFormation, scope: Scope): void {
  const { stacks } = cf.records;
  if (stacks.countBy(scope, 'state', 'here') >= MOST_STACKS) throw tooManyStacks(MOST_STACKS);
  const tooMany = stacks.countBy(scope, 'state', 'gone') - MOST_DELETED;
  if (tooMany <= 0) return;
  const gone = stacks.by(scope, 'state', 'gone');
  gone.sort((a, b) => (a.deletedAt ?? 0) - (b.deletedAt ?? 0));
  for (const stack of gone.slice(0, tooMany)) forget(cf, stack);
}

/** Deletes the stack's record and everything that belongs to it. */
export function forget(cf: CloudFormation, stack: StackRecord): void {
  const { records } = cf;
  const { scope, stackId } = stack;
  for (const { logicalId } of records.resources.list(scope, stackId)) {
    records.resources.delete(scope, stackId, logicalId);
  }
  records.events.clear(scope, stackId);
  forgetDefinitions(cf, stack);
  records.changeSets.clear(scope, stackId);
  records.stacks.remove(scope, stackId);
}
