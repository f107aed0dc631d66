// What is to be done for a change after it is committed, at least once: a message to deliver, a function to call.
// Entries are written in the transaction of the change, attempted afterwards, tried again as the policy says, and given
// up as dead letters. kill -9 loses none of them: what was done and not yet recorded is done once more.

import { type Scope, scopeKey } from '../aws/scope.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Store } from '../store/store.ts';
import { type LaneEntry, Lanes } from './outbox-lanes.ts';
import { DONE, type OutboxPolicy, type Outcome } from './outbox-policy.ts';
import { type DeadLetter, type EntryRow, OutboxRecords } from './outbox-records.ts';

export { DONE, doublingDelays, type OutboxPolicy, type Outcome, type Retries } from './outbox-policy.ts';
export type { DeadLetter } from './outbox-records.ts';

export interface Attempt<C> {
  scope: Scope;
  lane: string;
  content: C;
  /** Of earlier attempts. */
  failures: number;
}

export interface OutboxOptions<C> {
  /** Tells its records from those of other outboxes; what they are stored under, so never to be changed. */
  name: string;
  store: Store;
  clock: Clock;
  log: Log;
  policy: OutboxPolicy;
  /** Called again where it was cut off: by the signal, which is aborted when its time or Millpond's ends, or by kill -9. */
  attempt(attempt: Attempt<C>, signal: AbortSignal): Promise<Outcome>;
  /**
   * Takes what is given up after attempts, true when it did; then no dead letter is kept here. May be called again for
   * the same entry. A rejection is logged, and the dead letter kept.
   */
  redirect?(deadEntry: Pick<Attempt<C>, 'scope' | 'lane' | 'content'>): Promise<boolean>;
  /** What is to be kept and logged of a dead letter beside its content. */
  describe?(scope: Scope, lane: string, content: C): Record<string, unknown>;
}

/** `C` is plain JSON. */
export interface Outbox<C> {
  /** In a transaction: an entry in each of the lanes. Attempts begin after the commit. Throws what the store throws. */
  append(scope: Scope, lanes: readonly string[], content: C): void;
  /** Whether what is appended now would be a dead letter. */
  isFull(scope: Scope, lane: string): boolean;
  /** In a transaction: forgets what is in the lane. */
  drop(scope: Scope, lane: string): void;
  /** Begins, with what earlier runs left. */
  start(): void;
  /** What is being attempted is attempted again after the next start. */
  stop(): Promise<void>;
  /** Resolves once nothing is being attempted; what is to be tried again later does not count. For tests. */
  idle(): Promise<void>;
  /** Oldest first. */
  deadLetters(scope: Scope): DeadLetter<C>[];
}

interface Entry extends LaneEntry, Omit<EntryRow, 'content' | 'lane'> {
  name: string;
  content: { sequence: number; uses: number };
  /** What an attempt came to, until it is recorded: a full disk is no reason to attempt it again. */
  unrecorded?: Outcome | undefined;
}

/** After a record that could not be written. */
const UNWRITTEN_PAUSE_MS = 1_000;

export const openOutbox = <C>(options: OutboxOptions<C>): Outbox<C> => new StoredOutbox(options);

class StoredOutbox<C> implements Outbox<C> {
  readonly #options: OutboxOptions<C>;
  readonly #log: Log;
  readonly #records: OutboxRecords<C>;
  readonly #lanes: Lanes<Entry>;
  readonly #stopping = new AbortController();
  /** Ends what is being attempted, whether or not it listens to its signal. */
  readonly #cuts = new Set<() => void>();

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
    // What is done by now is recorded, and not done again.
    await new Promise((resolve) => setImmediate(resolve));
    for (const cut of this.#cuts) cut();
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
      // It failed by the stop: the record stays as it is.
      if (outcome.kind !== 'done' && isStopping()) return false;
      entry.unrecorded = outcome;
      const isAgain = await this.#settle(entry, content, outcome);
      entry.unrecorded = undefined;
      return isAgain;
    } catch (error) {
      this.#log.error({ err: error, lane: entry.name }, 'what came of an attempt could not be recorded');
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
        this.#cuts.delete(cut);
        resolve(outcome);
      };
      const cut = () => {
        own?.abort();
        end();
      };
      this.#cuts.add(cut);
      const tooLate = () => {
        own?.abort();
        end({ kind: 'failed', reason: `it took longer than ${attemptMs} ms` });
      };
      const timer = own && setTimeout(tooLate, attemptMs).unref();
      const signal = own?.signal ?? this.#stopping.signal;
      this.#options.attempt({ scope, lane, content, failures }, signal).then(end, (error) => {
        if (this.#cuts.has(cut)) this.#log.error({ err: error, lane }, 'an attempt failed as it should not');
        end({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      });
    });
  }

  async #settle(entry: Entry, content: C | undefined, outcome: Outcome): Promise<boolean> {
    const mayPass = outcome.kind === 'failed' || outcome.kind === 'not now';
    const again = mayPass && this.#nextOf(entry, outcome);
    if (again) {
      this.#records.failed(entry.sequence, again.failures, again.notBefore);
      Object.assign(entry, again);
      this.#tellOf(entry, content!, outcome);
      return true;
    }
    if (outcome.kind !== 'done') {
      const isRedirected = await this.#redirect(entry, content!);
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
  async #redirect({ scope, name: lane }: Entry, content: C): Promise<boolean | undefined> {
    const sent = this.#options.redirect?.({ scope, lane, content });
    if (!sent) return false;
    let cut = () => {};
    const stopped = new Promise<undefined>((resolve) => {
      cut = () => resolve(undefined);
      this.#cuts.add(cut);
    });
    try {
      return await Promise.race([sent, stopped]);
    } catch (error) {
      this.#log.warn({ lane, err: error }, 'a dead letter could not be sent on');
      return false;
    } finally {
      this.#cuts.delete(cut);
    }
  }

  /** `undefined` when it is given up. */
  #nextOf(entry: Entry, outcome: Outcome & { kind: 'failed' | 'not now' }) {
    const { attempts, delaysMs, retentionMs } = outcome.retries ?? this.#options.policy.retries;
    const failures = entry.failures + (outcome.kind === 'failed' ? 1 : 0);
    if (failures >= attempts) return undefined;
    const delayMs =
      outcome.kind === 'not now' ? outcome.afterMs : (delaysMs[failures - 1] ?? delaysMs.at(-1) ?? 0);
    const notBefore = this.#options.clock.now() + delayMs;
    return notBefore - entry.acceptedAt > retentionMs ? undefined : { failures, notBefore };
  }

  #tellOf({ scope, name, failures }: Entry, content: C, { reason }: { reason: string }): void {
    const { describe, policy } = this.#options;
    const fields = { lane: name, ...describe?.(scope, name, content), failures, reason };
    if (policy.keepsOrder && failures === 1) this.#log.warn(fields, 'it failed, and its lane waits for it');
    else this.#log.debug(fields, 'it failed and is tried again later');
  }

  /** In a transaction. */
  #giveUp(scope: Scope, lane: string, content: C, attempts: number, reason: string): void {
    const { clock, describe, policy, store } = this.#options;
    const about = describe?.(scope, lane, content) ?? {};
    const letter = { scope, lane, at: clock.now(), attempts, reason, content, about };
    this.#records.addLetter(letter, policy.mostDeadLetters);
    const fields = { lane, ...about, attempts, reason };
    store.afterCommit(() => this.#log.warn(fields, 'given up; a dead letter is kept'));
  }

  /** In a transaction. The content goes with its last entry. */
  #forget(entries: readonly Entry[]): void {
    for (const { sequence, content } of entries)
      this.#records.delete(sequence, content.uses === 1 ? content.sequence : undefined);
    this.#options.store.afterCommit(() => {
      for (const { content } of entries) content.uses--;
    });
  }
}

const laneKey = (scope: Scope, lane: string): string => `${scopeKey(scope)} ${lane}`;
