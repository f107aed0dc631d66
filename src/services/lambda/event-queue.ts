// The queue of asynchronous invocations: stored before they are accepted, run at least once, retried when the
// function fails.

import type { Scope } from '../../aws/scope.ts';
import {
  type Attempt,
  DONE,
  type Failure,
  type Outbox,
  type OutboxPolicy,
  type Outcome,
  openOutbox,
  type Retries,
} from '../../control/outbox.ts';
import { Fault } from '../../wire/fault.ts';
import { type Lambda, versionOf } from './context.ts';
import { type DeadLetterTargets, sendDeadLetter } from './dead-letters.ts';
import type { EventInvokeRecord, LambdaEvent } from './domain/model.ts';
import { functionArn, LATEST } from './domain/names.ts';
import { tooManyEvents } from './faults.ts';
import type { Invoker } from './invocation.ts';

/** One lane per function, by its name. */
export type EventQueue = Outbox<LambdaEvent>;

/** The delays before the second, third, … attempt, in milliseconds. */
export interface RetryOptions {
  retryAfterMs: readonly number[];
}

/** AWS: one minute before the second attempt, two before the third. */
export const AWS_RETRIES: RetryOptions = { retryAfterMs: [60_000, 120_000] };

/** AWS does not say how many events may wait; this many usual ones fit on a disk. */
const POLICY: Omit<OutboxPolicy, 'retries'> = {
  perLane: 10,
  mostAtOnce: Number.POSITIVE_INFINITY,
  keepsOrder: false,
  mostWaiting: 100_000,
  mostDeadLetters: 20,
};
const THROTTLED_PAUSE_MS = 1_000;
/** AWS: six hours, unless the function says less. */
const DEFAULT_MAXIMUM_AGE_SECONDS = 21_600;

/** `retries` applies to functions without their own settings. */
export function openEventQueue(
  lambda: Lambda,
  invoker: Invoker,
  { targets, retries }: { targets: DeadLetterTargets; retries: RetryOptions },
): EventQueue {
  const { records, store, clock, log } = lambda;
  return openOutbox<LambdaEvent>({
    ...{ name: 'lambda', store, clock, log, attempt, redirect },
    policy: { ...POLICY, retries: retriesOf(undefined, retries) },
    describe: (_scope, functionName, { requestId, qualifier }) => ({ functionName, requestId, qualifier }),
  });

  async function redirect({
    scope,
    lane,
    content,
    failure,
  }: Pick<Attempt<LambdaEvent>, 'scope' | 'lane' | 'content'> & { failure: Failure }): Promise<boolean> {
    const record = records.snapshot(scope, lane);
    const version = record && versionOf(record, content.qualifier, Math.random());
    const target = version?.recorded.deadLetterArn;
    if (!target) return false;
    await sendDeadLetter(targets, target, content, failure);
    return true;
  }

  async function attempt({ scope, lane, content }: Attempt<LambdaEvent>): Promise<Outcome> {
    const { requestId, qualifier, payload } = content;
    const record = records.snapshot(scope, lane);
    const version = record && versionOf(record, qualifier, Math.random());
    if (!record || !version) return DONE;
    const ownRetries = retriesOf(record.eventInvoke[qualifier ?? LATEST], retries);
    try {
      const { status, payload: answer } = await invoker.invoke({
        ...{ scope, record, version, requestId },
        arn: functionArn(scope, lane, qualifier),
        event: Buffer.from(payload, 'base64'),
      });
      if (status === 'succeeded') return DONE;
      const [reason, detail] = [`the function ${status}`, errorMessageIn(answer)];
      return { kind: 'failed', reason, ...(detail && { detail }), retries: ownRetries };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // AWS: throttled attempts are not counted.
      return {
        ...{ kind: 'not now', reason: error.message, afterMs: THROTTLED_PAUSE_MS },
        retries: ownRetries,
      };
    }
  }
}

/** The message of the error that a function answered. */
function errorMessageIn(answer: Buffer): string | undefined {
  try {
    const { errorMessage } = JSON.parse(answer.toString()) ?? {};
    return typeof errorMessage === 'string' ? errorMessage : undefined;
  } catch {
    return undefined;
  }
}

function retriesOf(settings: EventInvokeRecord | undefined, { retryAfterMs }: RetryOptions): Retries {
  return {
    attempts: (settings?.maximumRetryAttempts ?? retryAfterMs.length) + 1,
    delaysMs: retryAfterMs,
    retentionMs: (settings?.maximumEventAgeSeconds ?? DEFAULT_MAXIMUM_AGE_SECONDS) * 1000,
  };
}

/** Stores an event, in a transaction if one is open. Throws TooManyRequestsException when too many wait. */
export function acceptEvent(queue: EventQueue, scope: Scope, functionName: string, event: LambdaEvent): void {
  if (queue.isFull(scope, functionName)) throw tooManyEvents();
  queue.append(scope, [functionName], event);
}
