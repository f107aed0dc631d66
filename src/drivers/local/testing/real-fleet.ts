// A fleet of real engines in a directory of its own, for tests only. Whatever a test leaves running is ended.

import { mkdtemp, open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineBinary, Fleet } from '../../../engine/fleet.ts';
import { silentLog } from '../../../kernel/log.ts';
import { findBinaries } from '../binaries.ts';
import { createLocalFleet, type LocalFleetOptions } from '../local-fleet.ts';

export const TEST_SECRET = 'a secret for tests';

/** Every engine that is installed; empty when there is none, and the tests that need one skip themselves. */
export const installedEngines = (): Promise<EngineBinary[]> =>
  findBinaries({ paths: (process.env.MILLPOND_ENGINES ?? '').split(':').filter(Boolean) }).catch(() => []);

export interface RealFleet {
  fleet: Fleet;
  dataDir: string;
  /** Another fleet over the same directory, as after a restart of Millpond. */
  reopen(): Promise<Fleet>;
  /** Ends every engine below the directory and deletes it. */
  dispose(): Promise<void>;
}

export async function createRealFleet(
  binaries: readonly EngineBinary[],
  options: Partial<LocalFleetOptions> = {},
): Promise<RealFleet> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millpond-engine-'));
  const open = () => createLocalFleet({ dataDir, secret: TEST_SECRET, binaries, log: silentLog, ...options });
  const real: RealFleet = {
    fleet: open(),
    dataDir,
    async reopen() {
      await real.fleet.close();
      real.fleet = open();
      return real.fleet;
    },
    async dispose() {
      await real.fleet.close();
      const sweeper = open();
      for (const stranger of await sweeper.adopt(new Set())) await sweeper.endStranger(stranger);
      await sweeper.close();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return real;
}

/** The end of a node's log, to show when a test fails. */
export const logOf = (real: RealFleet, key: string): Promise<string> =>
  readFile(join(real.dataDir, 'nodes', key, 'engine.log'), 'utf8').catch(() => '');

/** What may become of a file that nobody watches. */
export async function spoilDump(file: string, how: 'remove' | 'truncate' | 'alter inside'): Promise<void> {
  if (how === 'remove') return rm(file);
  const { size } = await stat(file);
  if (how === 'truncate') return truncate(file, Math.floor(size / 2));
  // Behind the auxiliary fields, before the checksum.
  const handle = await open(file, 'r+');
  try {
    await handle.write(Buffer.from('\0'), 0, 1, size - 12);
  } finally {
    await handle.close();
  }
}
