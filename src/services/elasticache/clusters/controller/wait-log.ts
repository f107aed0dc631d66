// What groups wait for, in the log: once for as long as a group waits for the same, and at a level that people read when
// that takes long.

import type { Log } from '../../../../kernel/log.ts';

export interface WaitLog {
  /** `waits`: what the plan gave as its reasons; empty when the group waits for nothing. */
  tell(groupKey: string, waits: readonly string[]): void;
  forget(groupKey: string): void;
}

/** Failovers and starts are over by then. */
const LONG_WAIT_MS = 5_000;

/** `now`: milliseconds that never go back. */
export function createWaitLog(log: Pick<Log, 'debug' | 'info'>, now = () => performance.now()): WaitLog {
  const last = new Map<string, { text: string; since: number; isToldAsLong: boolean }>();
  return {
    tell(groupKey, waits) {
      const text = waits.join('; ');
      const before = last.get(groupKey);
      if (!text) {
        last.delete(groupKey);
      } else if (before?.text !== text) {
        last.set(groupKey, { text, since: now(), isToldAsLong: false });
        log.debug({ key: groupKey, waits }, 'waiting');
      } else if (!before.isToldAsLong && now() - before.since >= LONG_WAIT_MS) {
        before.isToldAsLong = true;
        log.info({ key: groupKey, waits }, 'still waiting');
      }
    },
    forget: (groupKey) => void last.delete(groupKey),
  };
}
