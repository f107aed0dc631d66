// What is to be done for a change after it is committed, at least once: a message to deliver, a function to call.
// Entries are written in the transaction of the change, attempted afterwards, tried again as the policy says, and given
// up as dead letters. kill -9 loses none of them: what was done and not yet recorded is done once more.

import { type Scope, scopeKey } from '../aws/scope.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Store } from '../store/store.ts';
import { type LaneEntry, type LaneRules, Lanes } from './outbox-lanes.ts';
import { type DeadLetter, type EntryRow, OutboxRecords } from './outbox-records.ts';

export type { DeadLetter } from './outbox-records.ts';

/** How often, and for how long, what failed is tried again. */
export interface Retries {
  /** In all, with the first one. */
  attempts: number;
  /** Before the second attempt, before the third and so on; the last one counts for all that come after it. */
  delaysMs: readonly number[];
  /** Since it was accepted: an attempt that would come later is not made. */
  retentionMs: number;
}

export interface OutboxPolicy extends LaneRules {
  retries: Retries;
  /** In one lane; what comes then is a dead letter at once. */
  mostWaiting: number;
  /** What takes longer has failed. Without it an attempt takes as long as it takes. */
  attemptMs?: number;
  /** How many dead letters are kept, the newest. */
  mostDeadLetters: number;
}

/** What came of an attempt. `retries` take the place of the policy's. */
export type Outcome =
  | { kind: 'done' }
  /** May succeed later. */
  | { kind: 'failed'; reason: string; retries?: Retries }
  /** Could not be attempted yet, which does not count as an attempt. */
  | { kind: 'not now'; reason: string; afterMs: number; retries?: Retries }
  /** Would never succeed. */
  | { kind: 'refused'; reason: string };

export const DONE: Outcome = { kind: 'done' };

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

export function openOutbox<C>(options: OutboxOptions<C>): Outbox<C> {
  const { store, clock, policy } = options;
  const log = options.log.child({ outbox: options.name });
  const records = new OutboxRecords<C>(store, options.name);
  const lanes = new Lanes<Entry>({ rules: policy, clock, work });
  const stopping = new AbortController();
  /** Ends what is being attempted, whether or not it listens to its signal. */
  const cuts = new Set<() => void>();

  /** True when it is to come again. */
  async function work(entry: Entry): Promise<boolean> {
    try {
      const content = records.contentAt(entry.content.sequence);
      const outcome = content === undefined ? DONE : (entry.unrecorded ?? (await attempt(entry, content)));
      if (outcome === undefined || entry.isDropped) return false;
      // It failed by the stop: the record stays as it is.
      if (outcome.kind !== 'done' && stopping.signal.aborted) return false;
      entry.unrecorded = outcome;
      const isAgain = await settle(entry, content, outcome);
      entry.unrecorded = undefined;
      return isAgain;
    } catch (error) {
      log.error({ err: error, lane: entry.name }, 'what came of an attempt could not be recorded');
      entry.notBefore = clock.now() + UNWRITTEN_PAUSE_MS;
      return !stopping.signal.aborted;
    }
  }

  /** `undefined` when Millpond stops first. */
  function attempt(entry: Entry, content: C): Promise<Outcome | undefined> {
    const { scope, name: lane, failures } = entry;
    const own = policy.attemptMs === undefined ? undefined : new AbortController();
    return new Promise((resolve) => {
      const end = (outcome?: Outcome) => {
        clearTimeout(timer);
        cuts.delete(cut);
        resolve(outcome);
      };
      const cut = () => {
        own?.abort();
        end();
      };
      cuts.add(cut);
      const timer =
        own &&
        setTimeout(() => {
          own.abort();
          end({ kind: 'failed', reason: `it took longer than ${policy.attemptMs} ms` });
        }, policy.attemptMs).unref();
      options
        .attempt({ scope, lane, content, failures }, own?.signal ?? stopping.signal)
        .then(end, (error) => {
          if (cuts.has(cut)) log.error({ err: error, lane }, 'an attempt failed as it should not');
          end({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
        });
    });
  }

  async function settle(entry: Entry, content: C | undefined, outcome: Outcome): Promise<boolean> {
    const mayPass = outcome.kind === 'failed' || outcome.kind === 'not now';
    const again = mayPass && nextOf(entry, outcome);
    if (again) {
      records.failed(entry.sequence, again.failures, again.notBefore);
      Object.assign(entry, again);
      tellOf(entry, content!, outcome);
      return true;
    }
    const isTaken = outcome.kind === 'done' || (await redirected(entry, content!));
    if (entry.isDropped) return false;
    store.transaction(() => {
      if (outcome.kind !== 'done' && !isTaken) {
        const attempts = entry.failures + (outcome.kind === 'not now' ? 0 : 1);
        giveUp(entry.scope, entry.name, content!, attempts, outcome.reason);
      }
      forget([entry]);
    });
    return false;
  }

  async function redirected({ scope, name: lane }: Entry, content: C): Promise<boolean> {
    if (!options.redirect) return false;
    try {
      return await options.redirect({ scope, lane, content });
    } catch (error) {
      log.warn({ lane, err: error }, 'a dead letter could not be sent on');
      return false;
    }
  }

  function tellOf({ scope, name, failures }: Entry, content: C, { reason }: { reason: string }): void {
    const fields = { lane: name, ...options.describe?.(scope, name, content), failures, reason };
    if (policy.keepsOrder && failures === 1) log.warn(fields, 'it failed, and its lane waits for it');
    else log.debug(fields, 'it failed and is tried again later');
  }

  function nextOf(entry: Entry, outcome: Outcome & { kind: 'failed' | 'not now' }) {
    const { attempts, delaysMs, retentionMs } = outcome.retries ?? policy.retries;
    const failures = entry.failures + (outcome.kind === 'failed' ? 1 : 0);
    if (failures >= attempts) return undefined;
    const delayMs =
      outcome.kind === 'not now' ? outcome.afterMs : (delaysMs[failures - 1] ?? delaysMs.at(-1) ?? 0);
    const notBefore = clock.now() + delayMs;
    return notBefore - entry.acceptedAt > retentionMs ? undefined : { failures, notBefore };
  }

  function giveUp(scope: Scope, lane: string, content: C, attempts: number, reason: string): void {
    const about = options.describe?.(scope, lane, content) ?? {};
    const letter = { scope, lane, at: clock.now(), attempts, reason, content, about };
    records.addLetter(letter, policy.mostDeadLetters);
    store.afterCommit(() =>
      log.warn({ lane, ...about, attempts, reason }, 'given up; a dead letter is kept'),
    );
  }

  /** In a transaction. The content goes with its last entry. */
  function forget(entries: readonly Entry[]): void {
    for (const { sequence, content } of entries)
      records.delete(sequence, content.uses === 1 ? content.sequence : undefined);
    store.afterCommit(() => {
      for (const { content } of entries) content.uses--;
    });
  }

  function load(): void {
    const contents = new Map<number, Entry['content']>();
    for (const { lane, content: sequence, ...row } of records.entries()) {
      const content = contents.get(sequence) ?? { sequence, uses: 0 };
      contents.set(sequence, content);
      content.uses++;
      lanes.add({ ...row, lane: laneKey(row.scope, lane), name: lane, content, isDropped: false });
    }
  }

  const isFull = (scope: Scope, lane: string) => lanes.sizeOf(laneKey(scope, lane)) >= policy.mostWaiting;

  load();
  return {
    isFull,
    append(scope, names, content) {
      store.transaction(() => {
        const free = names.filter((name) => !isFull(scope, name));
        if (free.length < names.length) {
          const reason = `${policy.mostWaiting} wait already`;
          for (const name of names) if (isFull(scope, name)) giveUp(scope, name, content, 0, reason);
        }
        if (free.length === 0) return;
        const acceptedAt = clock.now();
        const shared = { sequence: records.addContent(content), uses: free.length };
        const entries = free.map((name) => ({
          sequence: records.add(scope, name, shared.sequence, acceptedAt),
          ...{ scope, lane: laneKey(scope, name), name, content: shared, acceptedAt },
          ...{ failures: 0, notBefore: 0, isDropped: false },
        }));
        store.afterCommit(() => {
          for (const entry of entries) lanes.add(entry);
        });
      });
    },
    drop(scope, name) {
      const key = laneKey(scope, name);
      store.transaction(() => {
        forget(lanes.entriesOf(key));
        store.afterCommit(() => lanes.drop(key));
      });
    },
    start: () => lanes.start(),
    async stop() {
      lanes.stop();
      stopping.abort();
      // What is done by now is recorded, and not done again.
      await new Promise((resolve) => setImmediate(resolve));
      for (const cut of cuts) cut();
      await lanes.idle();
    },
    idle: () => lanes.idle(),
    deadLetters: (scope) => records.letters(scope),
  };
}

const laneKey = (scope: Scope, lane: string): string => `${scopeKey(scope)} ${lane}`;

/** Delays that double from the first to the last. */
export function doublingDelays(firstMs: number, lastMs: number): number[] {
  const delays: number[] = [];
  for (let delay = firstMs; delay < lastMs; delay *= 2) delays.push(delay);
  return [...delays, lastMs];
}
