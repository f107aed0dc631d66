// Waits for an ElastiCache resource: until its status shows the result, or the resource is gone.

import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from '../../../../aws/scope.ts';
import type { ElastiCacheTypeDependencies } from '../../resource-type-dependencies.ts';

const NOTICE_MS = 1_000;
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;
/** AWS: a resource that takes longer has failed. */
const LONGEST_MS = 60 * 60_000;

/**
 * Polls with `look` until `isDone` accepts the result, which is `undefined` for a missing resource. Rejects when
 * `signal` is aborted, or after an hour.
 */
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
    // `untilSettled` may resolve at once, so pause in any case.
    await Promise.all([
      noticed,
      delay(noticed ? FIRST_PAUSE_MS : pauseMs, undefined, { signal: target.signal }),
    ]);
  }
  throw new Error(`${target.id} did not stabilize.`);
}
