// The contract of an outbox: it attempts entries at least once, retries by its policy, keeps dead letters with a
// reason, and survives a stop between an attempt and its record.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../kernel/clock.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { openStore } from '../store/store.ts';
import {
  FAILED,
  fakeTime,
  NOTHING_WAITS,
  open,
  openHeld,
  POLICY,
  reasons,
  SCOPE,
  settled,
  waitingIn,
} from './outbox.fixture.ts';
import { DONE, doublingDelays, type Outcome, openOutbox } from './outbox.ts';

it('attempts committed entries after the start, and none that was rolled back', async (test) => {
  const done: string[] = [];
  const { store, outbox } = open(test, {
    attempt: async ({ content }) => {
      done.push(content);
      return DONE;
    },
  });
  outbox.append(SCOPE, ['a'], 'before the start');
  await settled();
  assert.deepEqual(done, []);
  outbox.start();
  assert.throws(() =>
    store.transaction(() => {
      outbox.append(SCOPE, ['a'], 'rolled back');
      throw new Error('no');
    }),
  );
  store.transaction(() => outbox.append(SCOPE, ['a', 'b'], 'to both'));
  await outbox.idle();
  assert.deepEqual(done.sort(), ['before the start', 'to both', 'to both']);
  assert.deepEqual(waitingIn(store), NOTHING_WAITS);
});

describe('a failed entry', () => {
  it('is retried after its delays, and is a dead letter after the last attempt', async (test) => {
    const pass = fakeTime(test);
    let attempts = 0;
    const { store, outbox } = open(test, {
      attempt: async () => {
        attempts++;
        return FAILED;
      },
    });
    outbox.start();
    outbox.append(SCOPE, ['a'], 'm');
    await settled();
    for (const [ms, wanted] of [
      [999, 1],
      [1, 2],
      [4_999, 2],
      [1, 3],
      [1_000_000, 3],
    ] as const) {
      await pass(ms);
      assert.equal(attempts, wanted, `after ${ms} ms`);
    }
    assert.deepEqual(reasons(outbox), [['m', 3, 'away']]);
    assert.deepEqual(waitingIn(store), NOTHING_WAITS);
  });

  it('is given up when the next attempt would come after its retention', async (test) => {
    const pass = fakeTime(test);
    const retries = { attempts: 100, delaysMs: [400], retentionMs: 1_000 };
    const { outbox } = open(test, { policy: { retries }, attempt: async () => FAILED });
    outbox.start();
    outbox.append(SCOPE, ['a'], 'm');
    await settled();
    for (let passed = 0; passed < 4; passed++) await pass(400);
    assert.deepEqual(reasons(outbox), [['m', 3, 'away']]);
  });

  it('can have its own retries, and an attempt that is not possible now does not count', async (test) => {
    const pass = fakeTime(test);
    const retries = { attempts: 2, delaysMs: [10], retentionMs: 1_000 };
    const outcomes: Outcome[] = [
      { kind: 'not now', reason: 'busy', afterMs: 50, retries },
      { kind: 'not now', reason: 'busy', afterMs: 50, retries },
      { kind: 'failed', reason: 'first', retries },
      { kind: 'failed', reason: 'second', retries },
    ];
    const seen: number[] = [];
    const { outbox } = open(test, {
      attempt: async ({ failures }) => {
        seen.push(failures);
        return outcomes.shift()!;
      },
    });
    outbox.start();
    outbox.append(SCOPE, ['a'], 'm');
    for (const ms of [0, 50, 50, 10]) await pass(ms);
    assert.deepEqual(seen, [0, 0, 0, 1]);
    assert.deepEqual(reasons(outbox), [['m', 2, 'second']]);
  });

  it('lets others pass, or blocks its lane if the order is kept', async (test) => {
    for (const keepsOrder of [false, true]) {
      const pass = fakeTime(test);
      const done: string[] = [];
      let failures = 1;
      const { outbox } = open(test, {
        policy: { keepsOrder },
        attempt: async ({ content }) => {
          if (content === 'first' && failures-- > 0) return FAILED;
          done.push(content);
          return DONE;
        },
      });
      outbox.start();
      for (const content of ['first', 'second']) outbox.append(SCOPE, ['a'], content);
      outbox.append(SCOPE, ['b'], 'elsewhere');
      await settled();
      assert.deepEqual(done.toSorted(), keepsOrder ? ['elsewhere'] : ['elsewhere', 'second']);
      await pass(1_000);
      const lane = done.filter((content) => content !== 'elsewhere');
      assert.deepEqual(lane, keepsOrder ? ['first', 'second'] : ['second', 'first']);
      test.mock.timers.reset();
    }
  });

  it('is not retried when it is refused, nor after its last attempt throws', async (test) => {
    const pass = fakeTime(test);
    const logged: unknown[] = [];
    const log: Log = { ...silentLog, error: (fields) => logged.push(fields), child: () => log };
    const { outbox } = open(test, {
      log,
      async attempt({ content }) {
        if (content === 'refused') return { kind: 'refused', reason: 'never' };
        throw new Error('a bug');
      },
    });
    outbox.start();
    for (const content of ['refused', 'thrown']) outbox.append(SCOPE, [content], content);
    for (const ms of [0, 1_000, 5_000]) await pass(ms);
    assert.deepEqual(reasons(outbox), [
      ['refused', 1, 'never'],
      ['thrown', 3, 'a bug'],
    ]);
    assert.equal(logged.length, 3);
  });

  it('is redirected once, however often its record fails, or kept when the redirect fails', async (test) => {
    const pass = fakeTime(test);
    const store = openStore(':memory:');
    const sent: string[] = [];
    const { outbox } = open(test, {
      store,
      policy: { retries: { attempts: 1, delaysMs: [], retentionMs: 0 } },
      attempt: async () => FAILED,
      async redirect({ content }) {
        if (content === 'kept') throw new Error('no queue');
        sent.push(content);
        return true;
      },
    });
    for (const content of ['sent', 'kept']) outbox.append(SCOPE, [content], content);
    let failures = 1;
    const { transaction } = store;
    store.transaction = <T>(work: () => T): T => {
      if (sent.length > 0 && failures-- > 0) throw new Error('the disk is full');
      return transaction.call(store, work) as T;
    };
    outbox.start();
    await settled();
    await pass(1_000);
    assert.deepEqual(sent, ['sent']);
    assert.deepEqual(reasons(outbox), [['kept', 1, 'away']]);
    assert.deepEqual(waitingIn(store), NOTHING_WAITS);
  });

  it('whose redirect hangs does not delay the stop', async (test) => {
    const { store, outbox } = open(test, {
      attempt: async () => ({ kind: 'refused', reason: 'never' }),
      redirect: () => new Promise(() => {}),
    });
    outbox.start();
    outbox.append(SCOPE, ['a'], 'm');
    await settled();
    await outbox.stop();
    assert.deepEqual(waitingIn(store), { entries: 1, contents: 1 });
  });

  it('that takes too long is aborted, and its late answer changes nothing', async (test) => {
    const pass = fakeTime(test);
    const signals: AbortSignal[] = [];
    const late: ((outcome: Outcome) => void)[] = [];
    const { outbox } = open(test, {
      policy: { attemptMs: 500 },
      attempt: (_attempt, signal) => {
        signals.push(signal);
        return new Promise((resolve) => late.push(resolve));
      },
    });
    outbox.start();
    outbox.append(SCOPE, ['a'], 'm');
    await settled();
    await pass(500);
    assert.ok(signals[0]!.aborted);
    late[0]!(DONE);
    await pass(1_000);
    assert.equal(signals.length, 2);
    assert.ok(!signals[1]!.aborted);
  });
});

describe('after a restart', () => {
  it('continues in order with the entries that were not recorded, and with their failures', async (test) => {
    const pass = fakeTime(test);
    const { store, outbox, end } = openHeld(test, { policy: { perLane: 2 } });
    outbox.start();
    for (const content of ['1', '2', '3']) outbox.append(SCOPE, ['a'], content);
    await settled();
    await end('1', FAILED);
    // '2' and '3' are being attempted. Their outcomes are not recorded any more, as after kill -9.
    await outbox.stop();
    await end('2');
    const seen: [string, number][] = [];
    const next = open(test, {
      store,
      attempt: async ({ content, failures }) => {
        seen.push([content, failures]);
        return DONE;
      },
    });
    next.outbox.start();
    await next.outbox.idle();
    assert.deepEqual(seen, [
      ['2', 0],
      ['3', 0],
    ]);
    await pass(1_000);
    assert.deepEqual(seen.at(-1), ['1', 1]);
    assert.deepEqual(waitingIn(store), NOTHING_WAITS);
  });

  it('keeps a shared content until its last entry is done', async (test) => {
    const { store, outbox, end } = openHeld(test);
    outbox.append(SCOPE, ['a', 'b'], 'shared');
    outbox.start();
    await settled();
    await end('shared');
    assert.deepEqual(waitingIn(store), { entries: 1, contents: 1 });
    await outbox.stop();
    const { outbox: next } = open(test, { store, attempt: async () => DONE });
    next.start();
    await next.idle();
    assert.deepEqual(waitingIn(store), NOTHING_WAITS);
  });
});

it('an outcome that cannot be written is written later, without another attempt', async (test) => {
  const pass = fakeTime(test);
  const store = openStore(':memory:');
  let isFull = true;
  const { transaction } = store;
  let attempts = 0;
  const { outbox } = open(test, {
    store,
    async attempt() {
      attempts++;
      return DONE;
    },
  });
  outbox.append(SCOPE, ['a'], 'm');
  store.transaction = <T>(work: () => T): T => {
    if (isFull) throw new Error('the disk is full');
    return transaction.call(store, work) as T;
  };
  outbox.start();
  await settled();
  isFull = false;
  assert.deepEqual(waitingIn(store), { entries: 1, contents: 1 });
  await pass(1_000);
  assert.equal(attempts, 1);
  assert.deepEqual(waitingIn(store), NOTHING_WAITS);
});

it('keeps the newest dead letters with their descriptions', (test) => {
  const store = openStore(':memory:');
  const outbox = openOutbox<string>({
    ...{ name: 'test', store, clock: { now: () => 7 }, log: silentLog },
    policy: { ...POLICY, mostWaiting: 0 },
    attempt: async () => DONE,
    describe: (_scope, lane, content) => ({ said: `${lane} ${content}` }),
  });
  test.after(() => outbox.stop());
  for (const content of ['1', '2', '3', '4', '5']) outbox.append(SCOPE, ['a'], content);
  const letters = outbox.deadLetters(SCOPE);
  assert.deepEqual(
    letters.map(({ content, at, about }) => [content, at, about]),
    ['3', '4', '5'].map((content) => [content, 7, { said: `a ${content}` }]),
  );
  assert.deepEqual(outbox.deadLetters({ ...SCOPE, region: 'eu-west-1' }), []);
});

it('does not touch the entries of another outbox in the same store', async (test) => {
  const { store, outbox } = openHeld(test);
  outbox.append(SCOPE, ['a'], 'm');
  const seen: string[] = [];
  const other = openOutbox<string>({
    ...{ name: 'other', store, clock: systemClock, log: silentLog, policy: POLICY },
    attempt: async ({ content }) => {
      seen.push(content);
      return DONE;
    },
  });
  test.after(() => other.stop());
  other.start();
  await other.idle();
  assert.deepEqual(seen, []);
});

it('doubles delays from the first to the last', () => {
  assert.deepEqual(doublingDelays(100, 1_000), [100, 200, 400, 800, 1_000]);
});
