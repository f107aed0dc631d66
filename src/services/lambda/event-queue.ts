// Asynchronous invocations: on disk before they are accepted, run at least once, tried again when the function fails.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { Fault } from '../../wire/fault.ts';
import type { EventRecord } from './domain/model.ts';
import { functionArn } from './domain/names.ts';
import type { Invoker } from './invoker.ts';
import { type Lambda, versionOf } from './lambda.ts';

export interface EventQueue {
  /** Looks at what earlier runs left. */
  start(): void;
  /** The record is stored already. */
  accepted(scope: Scope, requestId: string): void;
  /** Begins nothing more; what runs is run again after the next start. */
  stop(): void;
}

export interface RetryOptions {
  /** AWS: one minute before the second attempt, two before the third. */
  retryAfterMs: readonly number[];
}

export const AWS_RETRIES: RetryOptions = { retryAfterMs: [60_000, 120_000] };

/** Of one function at the same time: the rest waits its turn. */
const MOST_AT_ONCE = 10;
const THROTTLED_PAUSE_MS = 1_000;
const DEFAULT_MAXIMUM_AGE_SECONDS = 21_600;
const LONGEST_TIMER_MS = 60_000;

export function createEventQueue(lambda: Lambda, invoker: Invoker, retries: RetryOptions): EventQueue {
  const { records, clock, log } = lambda;
  const running = new Set<string>();
  const perFunction = new Map<string, number>();
  /** Of those that wait, by function: so that one's end begins the next. */
  const waiting = new Map<string, { scope: Scope; requestId: string }[]>();
  const timers = new Map<string, NodeJS.Timeout>();
  let isStopped = false;

  function consider(scope: Scope, requestId: string): void {
    const key = `${scopeKey(scope)} ${requestId}`;
    if (isStopped || running.has(key)) return;
    const event = records.events.get(scope, requestId);
    if (!event) return;
    const pauseMs = event.notBefore - clock.now();
    if (pauseMs > 0) {
      clearTimeout(timers.get(key));
      timers.set(
        key,
        setTimeout(
          () => {
            timers.delete(key);
            consider(scope, requestId);
          },
          Math.min(pauseMs, LONGEST_TIMER_MS),
        ).unref(),
      );
      return;
    }
    const ofFunction = functionArn(scope, event.functionName);
    const count = perFunction.get(ofFunction) ?? 0;
    if (count >= MOST_AT_ONCE) {
      const queue = waiting.get(ofFunction) ?? [];
      waiting.set(ofFunction, queue);
      queue.push({ scope, requestId });
      return;
    }
    running.add(key);
    perFunction.set(ofFunction, count + 1);
    void attempt(scope, event)
      .catch((error) => log.error({ err: error, requestId }, 'an asynchronous invocation could not be run'))
      .finally(() => {
        running.delete(key);
        perFunction.set(ofFunction, perFunction.get(ofFunction)! - 1);
        // Again if it is to be tried once more, then whoever waits.
        consider(scope, requestId);
        const next = waiting.get(ofFunction)?.shift();
        if (next) consider(next.scope, next.requestId);
        else waiting.delete(ofFunction);
        if (perFunction.get(ofFunction) === 0) perFunction.delete(ofFunction);
      });
  }

  async function attempt(scope: Scope, event: EventRecord): Promise<void> {
    const record = records.snapshot(scope, event.functionName);
    const version = record && versionOf(record, event.qualifier, Math.random());
    if (!record || !version) return records.events.delete(scope, event.requestId);
    const settings = record.eventInvoke[event.qualifier ?? '$LATEST'];
    const maximumAgeMs = (settings?.maximumEventAgeSeconds ?? DEFAULT_MAXIMUM_AGE_SECONDS) * 1000;
    const again = (failures: number, pauseMs: number) => {
      if (isStopped) return;
      const isTooOld = clock.now() + pauseMs - event.acceptedAt > maximumAgeMs;
      if (isTooOld) records.events.delete(scope, event.requestId);
      else
        records.events.put(scope, event.requestId, { ...event, failures, notBefore: clock.now() + pauseMs });
    };
    try {
      const outcome = await invoker.invoke({
        scope,
        record,
        version,
        arn: functionArn(scope, event.functionName, event.qualifier),
        requestId: event.requestId,
        event: Buffer.from(event.payload, 'base64'),
      });
      if (isStopped) return;
      const attempts = settings?.maximumRetryAttempts ?? retries.retryAfterMs.length;
      if (outcome.status === 'succeeded' || event.failures >= attempts)
        records.events.delete(scope, event.requestId);
      else
        again(event.failures + 1, retries.retryAfterMs[event.failures] ?? retries.retryAfterMs.at(-1) ?? 0);
    } catch (error) {
      // AWS: throttled attempts do not count.
      if (error instanceof Fault) again(event.failures, THROTTLED_PAUSE_MS);
      else {
        again(event.failures + 1, THROTTLED_PAUSE_MS);
        throw error;
      }
    }
  }

  return {
    start() {
      for (const { scope, id } of records.events.listAll()) consider(scope, id);
    },
    accepted: consider,
    stop() {
      isStopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
