// Waiting for ElastiCache to be done with something: until its status says so, or it is gone.

import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from '../../../../aws/scope.ts';
import type { ElastiCacheTypeDependencies } from '../../resource-type-dependencies.ts';

const NOTICE_MS = 1_000;
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;
/** AWS: what takes longer than this has failed. */
const LONGEST_MS = 60 * 60_000;

/** `look` gives what is there, `undefined` when nothing is; `isDone` judges it. Rejects when `signal` is aborted. */
export async function waitFor<T>(
  { untilSettled }: ElastiCacheTypeDependencies,
  target: { scope: Scope; id: string; signal: AbortSignal },
  look: () => Promise<T | undefined>,
  isDone: (found: T | undefined) => boolean,
): Promise<T | undefined> {
  const deadline = performance.now() + LONGEST_MS;
  for (
    let pauseMs = FIRST_PAUSE_MS;
    performance.now() < deadline;
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)
  ) {
    target.signal.throwIfAborted();
    const found = await look();
    if (isDone(found)) return found;
    const noticed = untilSettled?.(target.scope, target.id, NOTICE_MS);
    // What is being deleted gives no notice.
    await Promise.all([
      noticed,
      delay(noticed ? FIRST_PAUSE_MS : pauseMs, undefined, { signal: target.signal }),
    ]);
  }
  throw new Error(`${target.id} did not stabilize.`);
}
