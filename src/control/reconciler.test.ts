// The reconcile loop: one pass per key, retries, and the stop.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../kernel/log.ts';
import { createReconciler, type Reconcile } from './reconciler.ts';

const create = (reconcile: Reconcile) => createReconciler({ name: 'test', reconcile, log: silentLog });

/** A promise with the function that resolves it. */
function gate(): { passed: Promise<void>; open(): void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

it('runs one pass of a key at a time, and one more if it was woken meanwhile', async () => {
  const held = gate();
  let running = 0;
  let passes = 0;
  const reconciler = create(async () => {
    assert.equal(++running, 1);
    passes++;
    if (passes === 1) await held.passed;
    running--;
    return undefined;
  });
  reconciler.wake('a');
  for (let count = 0; count < 10; count++) reconciler.wake('a');
  held.open();
  await reconciler.idle();
  assert.equal(passes, 2);
  await reconciler.stop();
});

it('works on several keys concurrently', async () => {
  const held = gate();
  const begun: string[] = [];
  const reconciler = create(async (key) => {
    begun.push(key);
    if (begun.length === 2) held.open();
    await held.passed;
    return undefined;
  });
  reconciler.wake('a');
  reconciler.wake('b');
  await reconciler.idle();
  assert.deepEqual(begun, ['a', 'b']);
  await reconciler.stop();
});

it('runs again after the requested delay, and at once when woken', async () => {
  const looks: string[] = [];
  const again = gate();
  const reconciler = create(async (key) => {
    looks.push(key);
    if (key === 'soon' && looks.filter((look) => look === key).length === 3) again.open();
    return { lookAgainAfterMs: key === 'soon' ? 1 : 3_600_000 };
  });
  reconciler.wake('soon');
  await again.passed;
  reconciler.wake('late');
  await reconciler.idle();
  reconciler.wake('late');
  await reconciler.idle();
  assert.equal(looks.filter((look) => look === 'late').length, 2);
  await reconciler.stop();
});

it('retries after a failure, with exponential backoff', async () => {
  const done = gate();
  const pauses: unknown[] = [];
  let passes = 0;
  const log = {
    ...silentLog,
    warn: (fields: object) => void pauses.push((fields as { lookAgainAfterMs?: number }).lookAgainAfterMs),
    child: () => log,
  };
  const reconciler = createReconciler({
    name: 'test',
    log,
    async reconcile() {
      if (++passes <= 3) throw new Error('not yet');
      done.open();
      return undefined;
    },
  });
  reconciler.wake('a');
  await done.passed;
  await reconciler.idle();
  assert.equal(passes, 4);
  assert.deepEqual(pauses, [50, 100, 200]);
  await reconciler.stop();
});

it('catches a synchronous exception as well', async () => {
  const reconciler = create(() => {
    throw new Error('at once');
  });
  reconciler.wake('a');
  await reconciler.idle();
  await reconciler.stop();
});

it('stop aborts running passes, waits for them, and starts no more', async () => {
  const begun = gate();
  let passes = 0;
  let ended = false;
  const reconciler = create(async (_key, signal) => {
    passes++;
    begun.open();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended = true;
    return { lookAgainAfterMs: 0 };
  });
  reconciler.wake('a');
  await begun.passed;
  reconciler.wake('a');
  await reconciler.stop();
  assert.ok(ended);
  reconciler.wake('a');
  reconciler.wake('b');
  await reconciler.idle();
  assert.equal(passes, 1);
});
