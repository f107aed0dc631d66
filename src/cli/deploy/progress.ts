// Simple progress displays of a deployment: notes only, or a line per event. live-view.ts has the one for terminals.

import type { Progress } from './deployment.ts';

const STATUS_COLUMNS = 28;
const PATH_COLUMNS = 32;

/** Shows notes only. */
export const quietProgress = (write: (text: string) => void): Progress => ({
  note: (text) => write(`${text}\n`),
  look() {},
  end() {},
});

/** Shows a line per event, with the seconds since the first. */
export function lineProgress(write: (text: string) => void): Progress {
  let startedAt: number | undefined;
  return {
    note: (text) => write(`${text}\n`),
    look({ happened }) {
      for (const { at, path, type, status, reason } of happened) {
        startedAt ??= at;
        const columns = [
          secondsOf(at - startedAt).padStart(8),
          status.padEnd(STATUS_COLUMNS),
          path.padEnd(PATH_COLUMNS),
          type,
          reason.replace(/\s+/g, ' '),
        ];
        write(`${columns.join('  ').trimEnd()}\n`);
      }
    },
    end() {},
  };
}

/** Milliseconds as text in seconds: `1.5 s`. */
export const secondsOf = (ms: number): string => `${(Math.max(ms, 0) / 1000).toFixed(1)} s`;
