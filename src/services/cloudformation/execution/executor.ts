// Drives stacks through their operations. A pass looks at what the stack wants and what its resources are, begins what
// can begin, and looks again when anything has changed; it may be dropped and entered anew at any instant.

import type { CloudFormation } from '../context.ts';
import type { CompiledStack } from '../stack/compile.ts';
import type { StackOperation, StackRecord } from '../stack/model.ts';
import { changeStack, compiledStack, getStack, resourcesOf } from '../stack/stacks.ts';
import { TemplateError } from '../template/issues.ts';
import type { Run } from './act.ts';
import { applyResource, hasFailed, isSettled, piecesToApply, stepKey } from './apply.ts';
import { type Deletion, deleteLeftover, deleteResource, everything, superseded } from './deletions.ts';
import { startable, startableDeletions } from './order.ts';
import { deadlineOf, endStep, isOverdue } from './outcome.ts';
import { PutOff } from './put-off.ts';
import { piecesToRevert, revertResource } from './revert.ts';

/** Resources of one stack that are worked on at once. */
const AT_ONCE = 24;

export interface Executor {
  /** Resolves when the stack has no operation any more, or when `stopping` says so. */
  run(stackId: string, stopping: AbortSignal): Promise<void>;
}

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

/** One step of one operation, until it is done, overtaken by another, or stopped. */
async function runStep(
  cf: CloudFormation,
  stack: StackRecord,
  operation: StackOperation,
  stopping: AbortSignal,
): Promise<void> {
  const turning = new AbortController();
  const signal = AbortSignal.any([turning.signal, stopping]);
  const run: Run = { cf, stack, resources: resourcesOf(cf, stack), signal, stopping };
  const compiled = await compiledFor(cf, stack, operation);
  const work: Work = { underWay: new Map(), putOff: new PutOff() };
  const { underWay } = work;

  for (;;) {
    if (stopping.aborted) return;
    const latest = getStack(cf, stack.stackId);
    const isOvertaken = !latest?.operation || stepKey(latest.operation) !== stepKey(operation);
    if (latest) run.stack = latest;
    const turns = isOvertaken || turnsRound(run, latest?.operation ?? operation);
    if (turns) turning.abort(new Error('The stack turns round'));
    else begin(run, operation, compiled, work);
    if (underWay.size === 0) {
      if (!isOvertaken) finishStep(run, operation, compiled);
      return;
    }
    await somethingHappens(run, operation, underWay, turns);
  }
}

/** `undefined` for what needs no template: everything is deleted. */
async function compiledFor(
  cf: CloudFormation,
  stack: StackRecord,
  operation: StackOperation,
): Promise<CompiledStack | undefined> {
  if (operation.step === 'delete') return undefined;
  const isBack = operation.failure !== undefined;
  const id = operation.step === 'apply' ? operation.targetId : stack.definitionId;
  if (id === undefined || (isBack && operation.kind === 'create')) return undefined;
  try {
    return await compiledStack(cf, stack, id);
  } catch (error) {
    // What was read once can be read again, unless this Millpond is another than that was.
    if (error instanceof TemplateError)
      cf.log.error({ stack: stack.stackId, err: error }, 'template unreadable');
    throw error;
  }
}

function turnsRound(run: Run, operation: StackOperation): boolean {
  if (operation.step !== 'apply') return false;
  if (operation.cancelled || isOverdue(run.stack, operation, run.cf.clock.now())) return true;
  return [...run.resources.values()].some((resource) => hasFailed(resource, operation));
}

interface Work {
  underWay: Map<string, Promise<void>>;
  putOff: PutOff;
}

function begin(
  run: Run,
  operation: StackOperation,
  compiled: CompiledStack | undefined,
  { underWay, putOff }: Work,
): void {
  const start = (key: string, work: () => Promise<void>) => {
    const promise = work().catch((error: unknown) => {
      if (!run.stopping.aborted)
        run.cf.log.error({ stack: run.stack.stackId, key, err: error }, 'a resource');
    });
    underWay.set(
      key,
      promise.finally(() => underWay.delete(key)),
    );
  };
  const busy = new Set(underWay.keys());
  if (operation.step === 'apply') {
    for (const { key } of startable(piecesToApply(compiled!, run.resources, operation), busy, AT_ONCE)) {
      start(key, () => applyResource(run, operation, compiled!, key));
    }
  } else if (operation.step === 'revert' && operation.kind !== 'create') {
    for (const { key } of startable(piecesToRevert(run.resources, operation), busy, AT_ONCE)) {
      start(key, () => revertResource(run, operation, key));
    }
  } else {
    const startDeletions = () => {
      for (const deletion of deletionsToStart(run, operation, compiled, busy, putOff.waiting)) {
        start(deletion.key, () => carryOut(run, operation, deletion, putOff));
      }
    };
    startDeletions();
    if (underWay.size > 0 || putOff.waiting.size === 0) return;
    putOff.lastCall();
    startDeletions();
  }
}

async function carryOut(
  run: Run,
  operation: StackOperation,
  deletion: Deletion,
  putOff: PutOff,
): Promise<void> {
  const attempt = putOff.attempt(deletion.key);
  const hasEnded = deletion.leftover
    ? await deleteLeftover(run, deletion, attempt)
    : await deleteResource(run, operation, deletion, attempt);
  if (hasEnded) putOff.somethingWent();
  else putOff.add(deletion.key);
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
  // Those that failed stay in the way of what they need, and are not tried again.
  const hasGivenUp = ({ logicalId, leftover }: Deletion) =>
    !leftover && isSettled(run.resources.get(logicalId), operation);
  const blocked = left.filter(hasGivenUp);
  const stuck = new Set([...busy, ...waiting, ...blocked.map(({ key }) => key)]);
  const found = startableDeletions(left, stuck, AT_ONCE + waiting.size + blocked.length);
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

/** A piece of work ends, the stack is changed from outside, or its time is over. */
async function somethingHappens(
  run: Run,
  operation: StackOperation,
  underWay: ReadonlyMap<string, Promise<void>>,
  isTurning: boolean,
): Promise<void> {
  const { cf, stopping } = run;
  const waiting = new AbortController();
  const { signal } = waiting;
  const stopped = new Promise<void>((resolve) => {
    stopping.addEventListener('abort', () => resolve(), { once: true, signal });
  });
  const seen = operation.cancelled === true;
  const changed = isTurning
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
