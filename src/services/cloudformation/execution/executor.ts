// Executes the operations of stacks. Each pass compares the stored operation with the stored resources, starts the work
// whose dependencies are done, and waits for a change. It can be interrupted and resumed at any instant.

import type { CloudFormation } from '../context.ts';
import type { CompiledStack } from '../stack/compile.ts';
import type { StackOperation, StackRecord } from '../stack/model.ts';
import { changeStack, compiledStack, getStack, resourcesOf } from '../stack/stacks.ts';
import { TemplateError } from '../template/issues.ts';
import type { Run } from './act.ts';
import { applyResource, hasFailed, isSettled, piecesToApply, stepKey } from './apply.ts';
import { BlockedDeletions } from './blocked-deletions.ts';
import { type Deletion, deleteLeftover, deleteResource, everything, superseded } from './deletions.ts';
import { startable, startableDeletions } from './order.ts';
import { deadlineOf, endStep, isOverdue } from './outcome.ts';
import { piecesToRevert, revertResource } from './revert.ts';

/** Resources of one stack that are worked on at the same time. */
const MOST_AT_ONCE = 24;

/** Executes the operations of stacks, each call one stack. */
export interface Executor {
  /** Resolves when the stack has no operation any more, or when `stopping` aborts. */
  run(stackId: string, stopping: AbortSignal): Promise<void>;
}

/** The executor keeps no state between runs. */
export function createExecutor(cf: CloudFormation): Executor {
  return {
    async run(stackId, stopping) {
      for (;;) {
        const stack = getStack(cf, stackId);
        if (!stack?.operation || stopping.aborted) return;
        await runStep(cf, stack, stack.operation, stopping);
      }
    },
  };
}

/** Executes one step until it is done, another operation replaces it, or Millpond stops. */
async function runStep(
  cf: CloudFormation,
  stack: StackRecord,
  operation: StackOperation,
  stopping: AbortSignal,
): Promise<void> {
  const cancelling = new AbortController();
  const signal = AbortSignal.any([cancelling.signal, stopping]);
  const run: Run = { cf, stack, resources: resourcesOf(cf, stack), signal, stopping };
  const compiled = await compiledFor(cf, stack, operation);
  const work: Work = { underWay: new Map(), blockedDeletions: new BlockedDeletions() };
  const { underWay } = work;

  for (;;) {
    if (stopping.aborted) return;
    const latest = getStack(cf, stack.stackId);
    const isReplaced = !latest?.operation || stepKey(latest.operation) !== stepKey(operation);
    if (latest) run.stack = latest;
    const isCancelled = isReplaced || mustRollBack(run, latest?.operation ?? operation);
    if (isCancelled) cancelling.abort(new Error('The step is cancelled'));
    else begin(run, operation, compiled, work);
    if (underWay.size === 0) {
      if (!isReplaced) finishStep(run, operation, compiled);
      return;
    }
    await nextChange(run, operation, underWay, isCancelled);
  }
}

/** `undefined` when the step deletes everything and needs no template. */
async function compiledFor(
  cf: CloudFormation,
  stack: StackRecord,
  operation: StackOperation,
): Promise<CompiledStack | undefined> {
  if (operation.step === 'delete') return undefined;
  const isRollback = operation.failure !== undefined;
  const id = operation.step === 'apply' ? operation.targetId : stack.definitionId;
  if (id === undefined || (isRollback && operation.kind === 'create')) return undefined;
  try {
    return await compiledStack(cf, stack, id);
  } catch (error) {
    // A stored template was valid once. Only another version of Millpond can refuse it.
    if (error instanceof TemplateError)
      cf.log.error({ stack: stack.stackId, err: error }, 'a stored template cannot be read');
    throw error;
  }
}

function mustRollBack(run: Run, operation: StackOperation): boolean {
  if (operation.step !== 'apply') return false;
  if (operation.cancelled || isOverdue(run.stack, operation, run.cf.clock.now())) return true;
  return [...run.resources.values()].some((resource) => hasFailed(resource, operation));
}

interface Work {
  underWay: Map<string, Promise<void>>;
  blockedDeletions: BlockedDeletions;
}

function begin(
  run: Run,
  operation: StackOperation,
  compiled: CompiledStack | undefined,
  { underWay, blockedDeletions }: Work,
): void {
  const start = (key: string, work: () => Promise<void>) => {
    const promise = work().catch((error: unknown) => {
      if (!run.stopping.aborted)
        run.cf.log.error(
          { stack: run.stack.stackId, key, err: error },
          'an action on a resource failed unexpectedly',
        );
    });
    underWay.set(
      key,
      promise.finally(() => underWay.delete(key)),
    );
  };
  const busy = new Set(underWay.keys());
  if (operation.step === 'apply') {
    const pieces = piecesToApply(compiled!, run.resources, operation);
    for (const { key } of startable(pieces, busy, MOST_AT_ONCE)) {
      start(key, () => applyResource(run, operation, compiled!, key));
    }
  } else if (operation.step === 'revert' && operation.kind !== 'create') {
    for (const { key } of startable(piecesToRevert(run.resources, operation), busy, MOST_AT_ONCE)) {
      start(key, () => revertResource(run, operation, key));
    }
  } else {
    const startDeletions = () => {
      for (const deletion of deletionsToStart(run, operation, compiled, busy, blockedDeletions.waiting)) {
        start(deletion.key, () => carryOut(run, operation, deletion, blockedDeletions));
      }
    };
    startDeletions();
    if (underWay.size > 0 || blockedDeletions.waiting.size === 0) return;
    blockedDeletions.startLastAttempt();
    startDeletions();
  }
}

async function carryOut(
  run: Run,
  operation: StackOperation,
  deletion: Deletion,
  blockedDeletions: BlockedDeletions,
): Promise<void> {
  const attempt = blockedDeletions.attempt(deletion.key);
  const hasEnded = deletion.leftover
    ? await deleteLeftover(run, deletion, attempt)
    : await deleteResource(run, operation, deletion, attempt);
  if (hasEnded) blockedDeletions.retryAll();
  else blockedDeletions.add(deletion.key);
}

function deletionsToStart(
  run: Run,
  operation: StackOperation,
  compiled: CompiledStack | undefined,
  busy: ReadonlySet<string>,
  waiting: ReadonlySet<string>,
): Deletion[] {
  const left =
    operation.step === 'cleanup' ? superseded(run.resources, compiled) : everything(run.resources, operation);
  // A failed deletion is not retried, and still blocks the deletion of what the resource depends on.
  const hasGivenUp = ({ logicalId, leftover }: Deletion) =>
    !leftover && isSettled(run.resources.get(logicalId), operation);
  const blocked = left.filter(hasGivenUp);
  const stuck = new Set([...busy, ...waiting, ...blocked.map(({ key }) => key)]);
  const found = startableDeletions(left, stuck, MOST_AT_ONCE + waiting.size + blocked.length);
  return found
    .filter(({ key }) => !stuck.has(key))
    .map(({ key }) => left.find((deletion) => deletion.key === key)!);
}

function finishStep(run: Run, operation: StackOperation, compiled: CompiledStack | undefined): void {
  const { cf } = run;
  changeStack(cf, run.stack.stackId, (stack) => {
    const current = stack.operation;
    if (!current || stepKey(current) !== stepKey(operation)) return;
    endStep({ cf, stack, operation: current, resources: run.resources, compiled });
  });
}

/** Resolves when a piece of work ends, the operation is replaced or cancelled, or its deadline passes. */
async function nextChange(
  run: Run,
  operation: StackOperation,
  underWay: ReadonlyMap<string, Promise<void>>,
  isCancelled: boolean,
): Promise<void> {
  const { cf, stopping } = run;
  const waiting = new AbortController();
  const { signal } = waiting;
  const stopped = new Promise<void>((resolve) => {
    stopping.addEventListener('abort', () => resolve(), { once: true, signal });
  });
  const seen = operation.cancelled === true;
  const changed = isCancelled
    ? new Promise<void>(() => {})
    : cf.notices
        .until(
          run.stack.stackId,
          () => {
            const latest = getStack(cf, run.stack.stackId)?.operation;
            if (!latest || stepKey(latest) !== stepKey(operation)) return true;
            return (latest.cancelled === true) !== seen ? true : undefined;
          },
          { signal, deadline: deadlineOf(run.stack, operation), now: cf.clock.now },
        )
        .then(
          () => {},
          () => new Promise<void>(() => {}),
        );
  try {
    await Promise.race([...underWay.values(), changed, stopped]);
  } finally {
    waiting.abort();
  }
}
