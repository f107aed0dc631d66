// A fleet of real engines in its own directory, for tests only. Engines that a test leaves running are ended.

import { mkdtemp, open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFleet, type FleetOptions } from '../../../engine/create-fleet.ts';
import type { Fleet } from '../../../engine/fleet.ts';
import { assert } from '../../../kernel/assert.ts';
import { silentLog } from '../../../kernel/log.ts';
import { findBinaries, type InstalledEngine } from '../binaries.ts';
import { createLocalDriver, type LocalDriver } from '../local-driver.ts';

export const TEST_SECRET = 'a secret for tests';

/** All installed engines; without any, tests that need one are skipped. */
export const installedEngines = (): Promise<InstalledEngine[]> =>
  findBinaries({ paths: (process.env.MILLPOND_ENGINES ?? '').split(':').filter(Boolean) }).catch(() => []);

export interface RealFleet {
  fleet: Fleet;
  driver: LocalDriver;
  dataDir: string;
  /** The pid of a running node. */
  pid(key: string): number;
  /** The node's RDB file, whether or not it exists. */
  dataFile(key: string): string;
  /** Another fleet over the same directory, as after a restart of Millpond. */
  reopen(): Promise<Fleet>;
  /** Ends every engine below the directory and deletes it. */
  dispose(): Promise<void>;
}

/** A fleet of real engines; `close` closes the driver, too. */
export function openFleet(
  dataDir: string,
  binaries: readonly InstalledEngine[],
  options: Partial<FleetOptions> = {},
): { fleet: Fleet; driver: LocalDriver } {
  const driver = createLocalDriver({ dataDir, binaries, log: silentLog });
  return { driver, fleet: createFleet({ driver, secret: TEST_SECRET, log: silentLog, ...options }) };
}

export async function createRealFleet(
  binaries: readonly InstalledEngine[],
  options: Partial<FleetOptions> = {},
): Promise<RealFleet> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millpond-engine-'));
  const real: RealFleet = {
    ...openFleet(dataDir, binaries, options),
    dataDir,
    pid(key) {
      const pid = real.driver.pid(key);
      assert(pid !== undefined, `${key} does not run`);
      return pid;
    },
    dataFile: (key) => join(dataDir, 'nodes', key, 'dump.rdb'),
    async reopen() {
      await real.fleet.close();
      Object.assign(real, openFleet(dataDir, binaries, options));
      return real.fleet;
    },
    async dispose() {
      await real.fleet.close();
      const sweeper = createLocalDriver({ dataDir, binaries, log: silentLog });
      for (const left of await sweeper.find()) await left.end();
      await sweeper.close();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return real;
}

/** The end of a node's log, to show when a test fails. */
export const logOf = (real: RealFleet, key: string): Promise<string> =>
  readFile(join(real.dataDir, 'nodes', key, 'engine.log'), 'utf8').catch(() => '');

/** Damages a dump. */
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
