// Builds outboxes for tests, and counts the rows of outboxes in a store.

import type { TestContext } from 'node:test';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { openStore, type Store } from '../store/store.ts';
import { type Attempt, DONE, type Outbox, type OutboxPolicy, type Outcome, openOutbox } from './outbox.ts';

/** The rows of all outboxes: entries that wait, and their contents. */
export function waitingIn(store: Store): { entries: number; contents: number } {
  const count = (table: string) =>
    Number(store.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count);
  return { entries: count('outbox'), contents: count('outbox_contents') };
}

/** What `waitingIn` returns when all outboxes are empty. */
export const NOTHING_WAITS = { entries: 0, contents: 0 };

/** The account and region of every test. */
export const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
/** The policy that a test's own settings override. */
export const POLICY: OutboxPolicy = {
  perLane: 1,
  mostAtOnce: 10,
  keepsOrder: false,
  mostWaiting: 100,
  mostDeadLetters: 3,
  retries: { attempts: 3, delaysMs: [1_000, 5_000], retentionMs: 60_000 },
};
/** An outcome after which the entry is retried. */
export const FAILED: Outcome = { kind: 'failed', reason: 'away' };

interface Setting {
  store?: Store;
  clock?: Clock;
  log?: Log;
  policy?: Partial<OutboxPolicy>;
  attempt(attempt: Attempt<string>, signal: AbortSignal): Promise<Outcome>;
  redirect?(deadEntry: Pick<Attempt<string>, 'content'>): Promise<boolean>;
}

/** An outbox, which stops after the test. */
export function open(test: TestContext, { store = openStore(':memory:'), policy, ...rest }: Setting) {
  const outbox = openOutbox<string>({
    ...{ name: 'test', clock: systemClock, log: silentLog, store, policy: { ...POLICY, ...policy } },
    ...rest,
  });
  test.after(() => outbox.stop());
  return { store, outbox };
}

/** An outbox whose attempts last until the test ends them. */
export function openHeld(test: TestContext, setting: Omit<Setting, 'attempt'> = {}) {
  const begun: string[] = [];
  const ends = new Map<string, (outcome: Outcome) => void>();
  const { store, outbox } = open(test, {
    ...setting,
    attempt({ content }) {
      begun.push(content);
      return new Promise((resolve) => ends.set(content, resolve));
    },
  });
  return {
    ...{ store, outbox, begun },
    async end(content: string, outcome = DONE) {
      ends.get(content)!(outcome);
      await settled();
    },
  };
}

/** Resolves after everything that needs no timer has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock and timers that only the test advances. */
export function fakeTime(test: TestContext) {
  test.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  return async (ms: number) => {
    test.mock.timers.tick(ms);
    await settled();
  };
}

/** Content, attempts and reason of each dead letter. */
export const reasons = (outbox: Outbox<string>) =>
  outbox.deadLetters(SCOPE).map(({ content, attempts, reason }) => [content, attempts, reason]);
