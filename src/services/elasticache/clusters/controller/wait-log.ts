// Logs what groups wait for: once for each wait at debug level, and once more at info level when the wait takes long.

import type { Log } from '../../../../kernel/log.ts';

/** The waits of all groups. */
export interface WaitLog {
  /** `waits`: the reasons in the plan; empty when the group waits for nothing. */
  report(groupKey: string, waits: readonly string[]): void;
  forget(groupKey: string): void;
}

/** Failovers and starts usually take less. */
const LONG_WAIT_MS = 5_000;

/** `now`: monotonic milliseconds. */
export function createWaitLog(log: Pick<Log, 'debug' | 'info'>, now = () => performance.now()): WaitLog {
  const last = new Map<string, { text: string; since: number; isReportedAsLong: boolean }>();
  return {
    report(groupKey, waits) {
      const text = waits.join('; ');
      const before = last.get(groupKey);
      if (!text) {
        last.delete(groupKey);
      } else if (before?.text !== text) {
        last.set(groupKey, { text, since: now(), isReportedAsLong: false });
        log.debug({ key: groupKey, waits }, 'waiting');
      } else if (!before.isReportedAsLong && now() - before.since >= LONG_WAIT_MS) {
        before.isReportedAsLong = true;
        log.info({ key: groupKey, waits }, 'still waiting');
      }
    },
    forget: (groupKey) => void last.delete(groupKey),
  };
}
