// How a deployment is told of while it goes: not at all, line by line, or (live-view.ts) as a picture that changes.

import type { Progress } from './deployment.ts';

const STATUS_COLUMNS = 28;
const PATH_COLUMNS = 32;

/** What it does, and nothing of each resource. */
export const quietProgress = (write: (text: string) => void): Progress => ({
  note: (text) => write(`${text}\n`),
  look() {},
  end() {},
});

/** A line for everything that happens, with the seconds since the first. */
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

export const secondsOf = (ms: number): string => `${(Math.max(ms, 0) / 1000).toFixed(1)} s`;
