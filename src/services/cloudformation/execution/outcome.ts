// Ends a step: sets the stack's new status and outputs, and chooses the next step. The status reasons are AWS's texts.

import type { CloudFormation } from '../context.ts';
import { exportTaken } from '../faults.ts';
import type { CompiledStack } from '../stack/compile.ts';
import { releaseDefinitions, supersede } from '../stack/definitions.ts';
import { referencesOfImports } from '../stack/imports.ts';
import { findExport, importersOf } from '../stack/lookup.ts';
import type { ResourceRecord, StackOperation, StackOutput, StackRecord } from '../stack/model.ts';
import { setStatus } from '../stack/stacks.ts';
import { evaluateOutputs } from '../template/stack-context.ts';
import { failedStatus, reasonOf } from './act.ts';
import { hasFailed } from './apply.ts';
import { known, knownFrom } from './wanted.ts';

/** A step with no work left. */
export interface StepEnd {
  cf: CloudFormation;
  /** `endStep` changes it; the caller stores it in the same transaction. */
  stack: StackRecord;
  operation: StackOperation;
  resources: ReadonlyMap<string, ResourceRecord>;
  compiled: CompiledStack | undefined;
}

/** Changes `end.stack`: its status, its outputs, and its operation, which ends or gets its next step. */
export function endStep(end: StepEnd): void {
  advance(end);
  if (!end.stack.operation) releaseDefinitions(end.cf, end.stack);
}

function advance(end: StepEnd): void {
  switch (end.operation.step) {
    case 'apply':
      endApply(end);
      return;
    case 'revert':
      endRevert(end);
      return;
    case 'cleanup': {
      const { cf, stack, operation } = end;
      setStatus(cf, stack, operation.failure === undefined ? 'UPDATE_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE');
      stack.operation = undefined;
      return;
    }
    case 'delete':
      endDelete(end);
  }
}

function endApply(end: StepEnd): void {
  const { cf, stack, operation } = end;
  const failure = failureOf(end) ?? storeOutputs(end);
  if (failure !== undefined) {
    fail(end, failure);
    return;
  }
  supersede(stack, stack.definitionId);
  stack.definitionId = operation.targetId;
  if (operation.kind === 'create') {
    setStatus(cf, stack, 'CREATE_COMPLETE');
    stack.operation = undefined;
    return;
  }
  setStatus(cf, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  operation.step = 'cleanup';
}

function failureOf({ cf, stack, operation, resources }: StepEnd): string | undefined {
  // AWS: `Transform … failed with: …. Rollback requested by user.`, a full stop of its own included.
  if (operation.failedTransform !== undefined) return `${operation.failedTransform}. `;
  const failed = [...resources.values()].filter((resource) => hasFailed(resource, operation));
  const thatFailedTo = (verb: 'create' | 'update') =>
    failedTo(
      verb,
      failed.filter(({ status }) => status === failedStatus(verb)),
    );
  const sentences = thatFailedTo('create') + thatFailedTo('update');
  if (sentences) return sentences;
  if (operation.cancelled) return 'User Initiated';
  return isOverdue(stack, operation, cf.clock.now())
    ? 'Stack creation time exceeded the specified timeout. '
    : undefined;
}

/** AWS's sentence about the resources that failed; empty when there are none. */
const failedTo = (verb: 'create' | 'update' | 'delete', failed: readonly ResourceRecord[]): string =>
  failed.length > 0
    ? `The following resource(s) failed to ${verb}: [${failed.map(({ logicalId }) => logicalId).join(', ')}]. `
    : '';

/** When the create of the stack times out, in milliseconds since the epoch. */
export const deadlineOf = (stack: StackRecord, operation: StackOperation): number | undefined =>
  operation.kind === 'create' && operation.step === 'apply' && stack.timeoutMinutes
    ? operation.since + stack.timeoutMinutes * 60_000
    : undefined;

/** Whether the deadline has passed. */
export function isOverdue(stack: StackRecord, operation: StackOperation, now: number): boolean {
  const deadline = deadlineOf(stack, operation);
  return deadline !== undefined && now >= deadline;
}

/** Sets the stack's outputs and imports. Returns the reason when it cannot. */
function storeOutputs({ cf, stack, compiled, resources }: StepEnd): string | undefined {
  const { scope, stackId } = stack;
  let outputs: StackOutput[];
  try {
    outputs = evaluateOutputs(compiled!.template, compiled!.context(knownFrom(cf, stack, resources))).map(
      ({ name, value, description, exportName }) => ({
        name,
        value: asText(known(value)),
        description,
        exportName: exportName === undefined ? undefined : asText(known(exportName)),
      }),
    );
  } catch (error) {
    return reasonOf(error);
  }
  for (const { exportName } of outputs) {
    const other = exportName === undefined ? undefined : findExport(cf.records, scope, exportName);
    if (other && other.stackId !== stackId) return exportTaken(exportName!, other.stackName);
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const kept = outputs.find((output) => output.exportName === exportName);
    const verb = kept ? 'updated' : 'deleted';
    const importers = importersOf(cf.records, scope, exportName);
    if (importers.length > 0 && kept?.value !== value) {
      return `Export ${exportName} cannot be ${verb} as it is in use by ${importers.join(' and ')}`;
    }
  }
  stack.outputs = outputs;
  stack.imports = referencesOfImports(compiled!);
  return undefined;
}

const asText = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? value.join(',')
      : JSON.stringify(value)
    : String(value);

/**
 * AWS: a failed create rolls back to nothing, a failed update to the state before, unless the request says otherwise.
 */
function fail({ cf, stack, operation }: StepEnd, failure: string): void {
  operation.failure = failure;
  stack.lastFailure = failure;
  const isCreate = operation.kind === 'create';
  if (operation.onFailure === 'DO_NOTHING') {
    if (isCreate) stack.definitionId = operation.targetId;
    else stack.haltedOperation = operation;
    setStatus(cf, stack, isCreate ? 'CREATE_FAILED' : 'UPDATE_FAILED', failure);
    stack.operation = undefined;
  } else if (!isCreate) {
    setStatus(cf, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure);
    operation.step = 'revert';
  } else if (operation.onFailure === 'DELETE') {
    setStatus(cf, stack, 'DELETE_IN_PROGRESS', `${failure}Delete requested by user.`);
    operation.step = 'delete';
  } else {
    stack.definitionId = operation.targetId;
    setStatus(cf, stack, 'ROLLBACK_IN_PROGRESS', `${failure}Rollback requested by user.`);
    operation.step = 'revert';
  }
}

function endRevert({ cf, stack, operation, resources }: StepEnd): void {
  // Failures of the step `apply` do not count here.
  const verb = operation.kind === 'create' ? 'delete' : 'update';
  const failed = [...resources.values()].filter(
    (resource) => hasFailed(resource, operation) && resource.status === failedStatus(verb),
  );
  const failure = failedTo(verb, failed);
  if (operation.kind === 'create') {
    setStatus(cf, stack, failure ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', failure || undefined);
    stack.operation = undefined;
  } else if (failure) {
    setStatus(cf, stack, 'UPDATE_ROLLBACK_FAILED', failure);
    // ContinueUpdateRollback continues it.
    stack.haltedOperation = operation;
    stack.operation = undefined;
  } else {
    setStatus(cf, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    supersede(stack, operation.targetId);
    operation.step = 'cleanup';
  }
}

function endDelete({ cf, stack, operation, resources }: StepEnd): void {
  const failed = [...resources.values()].filter((resource) => hasFailed(resource, operation));
  if (failed.length > 0) {
    setStatus(cf, stack, 'DELETE_FAILED', failedTo('delete', failed));
  } else {
    setStatus(cf, stack, 'DELETE_COMPLETE');
    stack.deletedAt = cf.clock.now();
    stack.outputs = [];
    stack.imports = [];
  }
  stack.operation = undefined;
}
