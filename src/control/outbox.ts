// A transactional outbox: work that must happen at least once after a change commits, such as a message to deliver or a
// function to call. Entries are written in the transaction of the change, attempted after the commit, retried by the
// policy, and kept as dead letters when they are given up. kill -9 loses no entry; work that was done and not recorded
// is done again.

import { type Scope, scopeKey } from '../aws/scope.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Store } from '../store/store.ts';
import { type LaneEntry, Lanes } from './outbox-lanes.ts';
import { DONE, type Failure, type OutboxPolicy, type Outcome } from './outbox-policy.ts';
import { type DeadLetter, type EntryRow, OutboxRecords } from './outbox-records.ts';

export {
  DONE,
  doublingDelays,
  type Failure,
  type OutboxPolicy,
  type Outcome,
  type Retries,
} from './outbox-policy.ts';
export type { DeadLetter } from './outbox-records.ts';

/** What an attempt gets. */
export interface Attempt<C> {
  scope: Scope;
  lane: string;
  content: C;
  /** The number of failed attempts before this one. */
  failures: number;
}

/** What an outbox needs. */
export interface OutboxOptions<C> {
  /** Distinguishes its records from those of other outboxes. They are stored under it, so it must never change. */
  name: string;
  store: Store;
  clock: Clock;
  log: Log;
  policy: OutboxPolicy;
  /**
   * Attempts one entry. It is repeated after an interruption: by the signal, which aborts after `attemptMs` or when
   * Millpond stops, or by kill -9.
   */
  attempt(attempt: Attempt<C>, signal: AbortSignal): Promise<Outcome>;
  /**
   * Gets an entry that is given up after attempts. If it resolves to true, no dead letter is kept. It may be called
   * again for the same entry. A rejection is logged, and the dead letter is kept.
   */
  redirect?(
    deadEntry: Pick<Attempt<C>, 'scope' | 'lane' | 'content'> & { failure: Failure },
  ): Promise<boolean>;
  /** What a dead letter and the log contain besides the content. */
  describe?(scope: Scope, lane: string, content: C): Record<string, unknown>;
}

/** `C` is the content of an entry, plain JSON. */
export interface Outbox<C> {
  /**
   * Call it in a transaction. Adds an entry to each lane; attempts begin after the commit. Throws the store's errors.
   */
  append(scope: Scope, lanes: readonly string[], content: C): void;
  /** Whether an entry that is appended now would be a dead letter. */
  isFull(scope: Scope, lane: string): boolean;
  /** Call it in a transaction. Deletes all entries of the lane. */
  drop(scope: Scope, lane: string): void;
  /** Begins to attempt entries, including those of earlier runs. */
  start(): void;
  /** Interrupts running attempts. The next start repeats them. */
  stop(): Promise<void>;
  /** Resolves when no attempt is running. Entries that wait for their retry do not count. For tests. */
  idle(): Promise<void>;
  /** Oldest first. */
  deadLetters(scope: Scope): DeadLetter<C>[];
}

interface Entry extends LaneEntry, Omit<EntryRow, 'content' | 'lane'> {
  name: string;
  content: { sequence: number; uses: number };
  /** The outcome of the last attempt until it is recorded: a full disk must not cause another attempt. */
  unrecorded?: Outcome | undefined;
}

/** The pause after the store could not be written. */
const UNWRITTEN_PAUSE_MS = 1_000;

/** Opens the outbox and loads its entries. Attempts begin with `start`. */
export const openOutbox = <C>(options: OutboxOptions<C>): Outbox<C> => new StoredOutbox(options);

class StoredOutbox<C> implements Outbox<C> {
  readonly #options: OutboxOptions<C>;
  readonly #log: Log;
  readonly #records: OutboxRecords<C>;
  readonly #lanes: Lanes<Entry>;
  readonly #stopping = new AbortController();
  /** Each ends one running attempt, even if the attempt ignores its signal. */
  readonly #interrupts = new Set<() => void>();

  constructor(options: OutboxOptions<C>) {
    this.#options = options;
    this.#log = options.log.child({ outbox: options.name });
    this.#records = new OutboxRecords<C>(options.store, options.name);
    this.#lanes = new Lanes<Entry>({
      ...{ rules: options.policy, clock: options.clock },
      work: (entry) => this.#work(entry),
    });
    this.#load();
  }

  isFull(scope: Scope, lane: string): boolean {
    return this.#lanes.sizeOf(laneKey(scope, lane)) >= this.#options.policy.mostWaiting;
  }

  append(scope: Scope, lanes: readonly string[], content: C): void {
    const { store, clock, policy } = this.#options;
    const free = lanes.filter((lane) => !this.isFull(scope, lane));
    store.transaction(() => {
      if (free.length < lanes.length) {
        const reason = `${policy.mostWaiting} wait already`;
        for (const lane of lanes) if (this.isFull(scope, lane)) this.#giveUp(scope, lane, content, 0, reason);
      }
      if (free.length === 0) return;
      const acceptedAt = clock.now();
      const shared = { sequence: this.#records.addContent(content), uses: free.length };
      const entries = free.map((name) => ({
        sequence: this.#records.add(scope, name, shared.sequence, acceptedAt),
        ...{ scope, lane: laneKey(scope, name), name, content: shared, acceptedAt },
        ...{ failures: 0, notBefore: 0, isDropped: false },
      }));
      store.afterCommit(() => {
        for (const entry of entries) this.#lanes.add(entry);
      });
    });
  }

  drop(scope: Scope, lane: string): void {
    const { store } = this.#options;
    const key = laneKey(scope, lane);
    store.transaction(() => {
      this.#forget(this.#lanes.entriesOf(key));
      store.afterCommit(() => this.#lanes.drop(key));
    });
  }

  start(): void {
    this.#lanes.start();
  }

  async stop(): Promise<void> {
    this.#lanes.stop();
    this.#stopping.abort();
    // Attempts that have just ended are still recorded, so that they are not repeated.
    await new Promise((resolve) => setImmediate(resolve));
    for (const interrupt of this.#interrupts) interrupt();
    await this.#lanes.idle();
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  deadLetters(scope: Scope): DeadLetter<C>[] {
    return this.#records.letters(scope);
  }

  #load(): void {
    const contents = new Map<number, Entry['content']>();
    for (const { lane, content: sequence, ...row } of this.#records.entries()) {
      const content = contents.get(sequence) ?? { sequence, uses: 0 };
      contents.set(sequence, content);
      content.uses++;
      this.#lanes.add({ ...row, lane: laneKey(row.scope, lane), name: lane, content, isDropped: false });
    }
  }

  /** True when it is to come again. */
  async #work(entry: Entry): Promise<boolean> {
    const isStopping = () => this.#stopping.signal.aborted;
    try {
      const content = this.#records.contentAt(entry.content.sequence);
      const outcome =
        content === undefined ? DONE : (entry.unrecorded ?? (await this.#attempt(entry, content)));
      if (outcome === undefined || entry.isDropped) return false;
      // The stop made it fail, so the record does not change.
      if (outcome.kind !== 'done' && isStopping()) return false;
      entry.unrecorded = outcome;
      const isRetried = await this.#settle(entry, content, outcome);
      entry.unrecorded = undefined;
      return isRetried;
    } catch (error) {
      this.#log.error({ err: error, lane: entry.name }, 'the outcome of an attempt could not be recorded');
      entry.notBefore = this.#options.clock.now() + UNWRITTEN_PAUSE_MS;
      return !isStopping();
    }
  }

  /** `undefined` when Millpond stops first. */
  #attempt({ scope, name: lane, failures }: Entry, content: C): Promise<Outcome | undefined> {
    const { attemptMs } = this.#options.policy;
    const own = attemptMs === undefined ? undefined : new AbortController();
    return new Promise((resolve) => {
      const end = (outcome?: Outcome) => {
        clearTimeout(timer);
        this.#interrupts.delete(interrupt);
        resolve(outcome);
      };
      const interrupt = () => {
        own?.abort();
        end();
      };
      this.#interrupts.add(interrupt);
      const tooLate = () => {
        own?.abort();
        end({ kind: 'failed', reason: `it took longer than ${attemptMs} ms` });
      };
      const timer = own && setTimeout(tooLate, attemptMs).unref();
      const signal = own?.signal ?? this.#stopping.signal;
      this.#options.attempt({ scope, lane, content, failures }, signal).then(end, (error) => {
        if (this.#interrupts.has(interrupt))
          this.#log.error({ err: error, lane }, 'an attempt failed unexpectedly');
        end({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      });
    });
  }

  async #settle(entry: Entry, content: C | undefined, outcome: Outcome): Promise<boolean> {
    const isRetryable = outcome.kind === 'failed' || outcome.kind === 'not now';
    const again = isRetryable && this.#nextOf(entry, outcome);
    if (again) {
      this.#records.failed(entry.sequence, again.failures, again.notBefore);
      Object.assign(entry, again);
      this.#logFailure(entry, content!, outcome);
      return true;
    }
    if (outcome.kind !== 'done') {
      const isRedirected = await this.#redirect(entry, content!, outcome);
      if (isRedirected === undefined || entry.isDropped) return false;
      if (isRedirected) {
        entry.unrecorded = DONE;
        return this.#settle(entry, content, DONE);
      }
    }
    this.#options.store.transaction(() => {
      if (outcome.kind !== 'done') {
        const attempts = entry.failures + (outcome.kind === 'not now' ? 0 : 1);
        this.#giveUp(entry.scope, entry.name, content!, attempts, outcome.reason);
      }
      this.#forget([entry]);
    });
    return false;
  }

  /** `undefined` when Millpond stops first. */
  async #redirect({ scope, name: lane }: Entry, content: C, failure: Failure): Promise<boolean | undefined> {
    const sent = this.#options.redirect?.({ scope, lane, content, failure });
    if (!sent) return false;
    let interrupt = () => {};
    const stopped = new Promise<undefined>((resolve) => {
      interrupt = () => resolve(undefined);
      this.#interrupts.add(interrupt);
    });
    try {
      return await Promise.race([sent, stopped]);
    } catch (error) {
      this.#log.warn({ lane, err: error }, 'a dead letter could not be redirected');
      return false;
    } finally {
      this.#interrupts.delete(interrupt);
    }
  }

  /** The next attempt; `undefined` when the entry is given up. */
  #nextOf(entry: Entry, outcome: Outcome & { kind: 'failed' | 'not now' }) {
    const { attempts, delaysMs, retentionMs } = outcome.retries ?? this.#options.policy.retries;
    const failures = entry.failures + (outcome.kind === 'failed' ? 1 : 0);
    if (failures >= attempts) return undefined;
    const delayMs =
      outcome.kind === 'not now' ? outcome.afterMs : (delaysMs[failures - 1] ?? delaysMs.at(-1) ?? 0);
    const notBefore = this.#options.clock.now() + delayMs;
    return notBefore - entry.acceptedAt > retentionMs ? undefined : { failures, notBefore };
  }

  #logFailure({ scope, name, failures }: Entry, content: C, { reason }: { reason: string }): void {
    const { describe, policy } = this.#options;
    const fields = { lane: name, ...describe?.(scope, name, content), failures, reason };
    if (policy.keepsOrder && failures === 1)
      this.#log.warn(fields, 'an entry failed, and its lane waits for the retry');
    else this.#log.debug(fields, 'an entry failed and will be retried');
  }

  /** Call it in a transaction. */
  #giveUp(scope: Scope, lane: string, content: C, attempts: number, reason: string): void {
    const { clock, describe, policy, store } = this.#options;
    const about = describe?.(scope, lane, content) ?? {};
    const letter = { scope, lane, at: clock.now(), attempts, reason, content, about };
    this.#records.addLetter(letter, policy.mostDeadLetters);
    const fields = { lane, ...about, attempts, reason };
    store.afterCommit(() => this.#log.warn(fields, 'an entry was given up; a dead letter is kept'));
  }

  /** Call it in a transaction. The last entry deletes the shared content. */
  #forget(entries: readonly Entry[]): void {
    for (const { sequence, content } of entries)
      this.#records.delete(sequence, content.uses === 1 ? content.sequence : undefined);
    this.#options.store.afterCommit(() => {
      for (const { content } of entries) content.uses--;
    });
  }
}

const laneKey = (scope: Scope, lane: string): string => `${scopeKey(scope)} ${lane}`;
