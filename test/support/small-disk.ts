// A file system of a few megabytes that a test can fill, to simulate a full disk.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, realpathSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { processesBelow, signal } from '../faults/node-processes.ts';

/** The `skip` of a test that mounts a file system. */
export const noMounting = process.getuid?.() === 0 ? false : 'needs root, to mount a file system';

/** A mounted file system. */
export interface SmallDisk {
  /** The path; it does not exist yet. */
  dataDir: string;
  /** Fills the disk to the last byte. */
  fill(): void;
  free(): void;
}

/** Mounts it; when the test ends, processes below it are killed and it is unmounted. */
export function smallDisk(t: TestContext, sizeMib = 48): SmallDisk {
  const mountPoint = realpathSync(mkdtempSync(join(tmpdir(), 'millpond-disk-')));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'millpond-test', mountPoint]);
  t.after(() => {
    for (const { pid } of processesBelow(mountPoint)) signal(pid, 'SIGKILL');
    execFileSync('umount', ['--lazy', mountPoint]);
    rmdirSync(mountPoint);
  });
  const filler = join(mountPoint, 'filler');
  return {
    dataDir: join(mountPoint, 'state'),
    fill() {
      const file = openSync(filler, 'a');
      try {
        for (const size of [1024 * 1024, 4096, 1]) {
          const block = Buffer.alloc(size, 1);
          try {
            while (writeSync(file, block) > 0);
          } catch (error) {
            assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
  };
}
