// Delivers the messages of one mapping: makes units, calls the sink with a time limit, tries failed units again, halves
// them where the mapping says so, and gives messages up. A unit that waits for its next attempt holds its own lanes only.

import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Mapping } from '../configuration/configuration.ts';
import type { Failure, Sink } from '../sink.ts';
import { backoffMs } from './backoff.ts';
import type { Condition } from './dead-letters.ts';
import { type Entry, Lanes, type Unit } from './lanes.ts';
import { Outage } from './outage.ts';
import { Retries } from './retries.ts';

/** What a delivery needs of its surroundings. */
export interface MappingDeliveryOptions {
  mapping: Mapping;
  sink: Sink;
  /** Of several messages of a lane only the last need be delivered. */
  coalesces: boolean;
  /** Takes a message that was given up. */
  giveUp(entry: Entry, condition: Condition, attempts: number, reason: string): void;
  log: Log;
  /** From 0 to 1. */
  random?: () => number;
}

/** Since the delivery was made, in messages. */
export interface MappingCounts {
  delivered: number;
  /** Attempts after the first, counted in messages. */
  retried: number;
}

/** A sink that does not answer in time is given up, and so is its answer. */
const TIME_LIMIT_MS = 30_000;
/** AWS: a function runs for 15 minutes at most. */
const FUNCTION_TIME_LIMIT_MS = 15 * 60_000 + 5_000;
/** How long an aborted call may take to end. */
const ABORT_MS = 1_000;
/** How long running calls may take to end when the feed ends. */
const CLOSE_MS = 500;

/** The delivery of one mapping. */
export class MappingDelivery {
  readonly counts: MappingCounts = { delivered: 0, retried: 0 };
  readonly #options: MappingDeliveryOptions;
  readonly #lanes: Lanes;
  readonly #retries = new Retries();
  readonly #outage = new Outage();
  readonly #random: () => number;
  readonly #mayStart = (unit: Unit) => this.#lanes.mayStart(unit);
  readonly #running = new Map<AbortController, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;
  /** When the first of those that wait became ready; their window begins there. */
  #windowFrom = 0;
  #isFlushed = false;
  #retriedLast = false;
  /** Units that are tried again now. */
  #retrying = 0;
  #reason = '';

  constructor(options: MappingDeliveryOptions) {
    this.#options = options;
    const { mapping, sink, coalesces } = options;
    this.#random = options.random ?? Math.random;
    this.#lanes = new Lanes({
      messages: Math.max(1, Math.min(mapping.batch.size, sink.limits.messages)),
      bytes: sink.limits.bytes,
      takes: coalesces ? 'last' : sink.isAllOrNothing ? 'many' : 'one',
    });
  }

  get isEmpty(): boolean {
    return this.#lanes.isEmpty;
  }

  /** Why the last failure was; absent when nothing waits for another attempt. */
  get failing(): string | undefined {
    return this.#retries.isEmpty && this.#retrying === 0 ? undefined : this.#reason;
  }

  /** Takes a message. `pump` starts its delivery. */
  add(entry: Entry): void {
    if (this.#lanes.available === 'none') this.#windowFrom = Date.now();
    this.#lanes.add(entry);
  }

  /** No more messages come until some were delivered, so a window need not be waited for. */
  flush(isFlushed: boolean): void {
    this.#isFlushed = isFlushed;
    if (isFlushed) this.pump();
  }

  /** Starts every delivery that may start now. */
  pump(): void {
    if (this.#closed) return;
    while (this.#running.size < this.#options.mapping.batch.parallel) {
      const unit = this.#next(Date.now());
      if (!unit) break;
      const call = new AbortController();
      const alive = this.#giveUpOld(unit);
      if (alive) this.#running.set(call, this.#deliver(alive, call));
    }
    this.#armTimer();
  }

  /** Ends running calls, starts none, and closes the sink. Never rejects. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    const running = [...this.#running];
    const abort = setTimeout(() => {
      for (const [call] of running) call.abort(new OperationalError('TimedOut', 'The feed ends.'));
    }, CLOSE_MS);
    await Promise.all(running.map(([, ended]) => ended));
    clearTimeout(abort);
    await this.#options.sink.close().catch((error: unknown) => {
      this.#options.log.warn({ error }, 'a sink was not closed');
    });
  }

  #next(now: number): Unit | undefined {
    const due = () => this.#retries.takeDue(now, this.#mayStart);
    // In turns, so that neither keeps the other waiting.
    const unit = this.#retriedLast ? this.#fresh(now) : due();
    if (unit) {
      this.#retriedLast = !this.#retriedLast;
      return unit;
    }
    return this.#retriedLast ? due() : this.#fresh(now);
  }

  #fresh(now: number): Unit | undefined {
    if (now < this.#freshAt()) return undefined;
    const unit = this.#lanes.take();
    this.#windowFrom = now;
    this.#outage.tried(now);
    return unit;
  }

  /** When the next unit of waiting messages may start. */
  #freshAt(): number {
    const { available } = this.#lanes;
    if (available === 'none') return Number.POSITIVE_INFINITY;
    const isDue = available === 'full' || this.#isFlushed;
    return Math.max(
      this.#outage.probeAt,
      isDue ? 0 : this.#windowFrom + this.#options.mapping.batch.windowMs,
    );
  }

  #armTimer(): void {
    clearTimeout(this.#timer);
    if (this.#running.size >= this.#options.mapping.batch.parallel) return;
    const at = Math.min(this.#retries.firstAt(this.#mayStart), this.#freshAt());
    if (!Number.isFinite(at)) return;
    this.#timer = setTimeout(() => this.pump(), Math.max(0, at - Date.now()));
  }

  async #deliver(unit: Unit, call: AbortController): Promise<void> {
    const isRetry = unit.dueAt > 0;
    if (isRetry) this.#retrying += 1;
    if (unit.attempts > 0) this.counts.retried += unit.entries.length;
    const outcome = await this.#call(unit, call).then(
      (failures) => () => this.#answered(unit, failures),
      (error: unknown) => () => this.#unknown(unit, error),
    );
    outcome();
    if (isRetry) this.#retrying -= 1;
    this.#running.delete(call);
    this.pump();
  }

  async #call(unit: Unit, call: AbortController): Promise<readonly Failure[]> {
    const { mapping, sink } = this.#options;
    const limitMs =
      mapping.timeoutMs ?? (mapping.target.kind === 'lambda' ? FUNCTION_TIME_LIMIT_MS : TIME_LIMIT_MS);
    const { promise: stuck, reject } = Promise.withResolvers<never>();
    let ending: NodeJS.Timeout | undefined;
    const { signal } = call;
    const end = () => {
      ending = setTimeout(() => reject(signal.reason), ABORT_MS);
    };
    signal.addEventListener('abort', end);
    const limit = setTimeout(() => {
      call.abort(
        new OperationalError('TimedOut', `${sink.name} did not answer within ${limitMs / 1_000} s.`),
      );
    }, limitMs);
    try {
      const messages = unit.entries.map(({ message }) => message);
      const failures = await Promise.race([sink.deliver(messages, signal), stuck]);
      const isWrong = failures.some(({ index }) => unit.entries[index] === undefined);
      if (isWrong) throw new Error(`${sink.name} names a message that it was not given`);
      return failures;
    } finally {
      signal.removeEventListener('abort', end);
      clearTimeout(limit);
      clearTimeout(ending);
    }
  }

  #answered(unit: Unit, failures: readonly Failure[]): void {
    const { retry } = this.#options.mapping;
    const failed = new Map(failures.map((failure) => [unit.entries[failure.index]!, failure]));
    const attempts = unit.attempts + 1;
    const again: Entry[] = [];
    for (const entry of unit.entries) {
      const failure = failed.get(entry);
      if (!failure) this.#delivered(entry);
      else if (!failure.mayRetry) this.#giveUp(entry, 'NotRetryable', attempts, failure.reason);
      else again.push(entry);
    }
    if (failures.length > 0) this.#reason = failures[0]!.reason;
    if (again.length === 0 || again.length < unit.entries.length) this.#succeeded();
    else this.#outage.failed(Date.now());
    const isWhole = this.#options.sink.isAllOrNothing === true && again.length === unit.entries.length;
    const reason = failures.find(({ mayRetry }) => mayRetry)?.reason ?? '';
    this.#again(unit, again, isWhole && retry.bisects, reason);
  }

  #unknown(unit: Unit, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#reason = reason;
    this.#outage.failed(Date.now());
    this.#options.log.debug({ error, sink: this.#options.sink.name }, 'a delivery failed');
    // A service that cannot be reached says nothing about the messages.
    const isUnreachable = error instanceof OperationalError && error.code !== 'TimedOut';
    this.#again(unit, unit.entries, this.#options.mapping.retry.bisects && !isUnreachable, reason);
  }

  /** Tries these of the unit's messages again, or gives them up; all others are done with. */
  #again(unit: Unit, entries: readonly Entry[], bisects: boolean, reason: string): void {
    const { attempts: most } = this.#options.mapping.retry;
    const now = Date.now();
    const attempts = unit.attempts + 1;
    const dueAt = now + backoffMs(attempts, this.#random(), this.#outage.lastedMs(now));
    let next: Unit[] = [];
    if (bisects && entries.length > 1 && most !== 0) {
      // AWS: halving a batch is no attempt.
      const half = Math.ceil(entries.length / 2);
      const halves = [entries.slice(0, half), entries.slice(half)];
      next = halves.map((some) => ({ entries: some, attempts: unit.attempts, dueAt: now }));
    } else if (entries.length > 0 && (most < 0 || attempts <= most)) {
      next = [{ entries, attempts, dueAt }];
    } else {
      for (const entry of entries) this.#giveUp(entry, 'RetryAttemptsExhausted', attempts, reason);
    }
    this.#lanes.release(unit, next);
    for (const one of next) this.#retries.add(one);
  }

  /** The unit without those of its messages that are too old; these are given up. `undefined` when all are. */
  #giveUpOld(unit: Unit): Unit | undefined {
    const { maxAgeMs } = this.#options.mapping.retry;
    const oldest = Date.now() - maxAgeMs;
    if (maxAgeMs < 0 || unit.entries.every(({ message }) => message.at >= oldest)) return unit;
    const entries: Entry[] = [];
    for (const entry of unit.entries) {
      if (entry.message.at >= oldest) entries.push(entry);
      else this.#giveUp(entry, 'RecordAgeExceeded', unit.attempts, this.#reason);
    }
    const younger = entries.length > 0 ? { ...unit, entries } : undefined;
    this.#lanes.release(unit, younger ? [younger] : []);
    return younger;
  }

  #succeeded(): void {
    if (this.#outage.ended(Date.now())) this.#retries.hasten(Date.now());
  }

  #delivered(entry: Entry): void {
    for (const one of [...(entry.covers ?? []), entry]) {
      this.counts.delivered += 1;
      one.settled();
    }
  }

  #giveUp(entry: Entry, condition: Condition, attempts: number, reason: string): void {
    for (const one of [...(entry.covers ?? []), entry]) {
      this.#options.giveUp(one, condition, attempts, reason);
    }
  }
}
