// A fleet of fake nodes for tests: the same fleet and contract as over real engines, with verbs that make nodes fail.
// Its clock advances only when a hang must be detected.

import { createFleet } from '../../engine/create-fleet.ts';
import type { EngineBinary, Fleet } from '../../engine/fleet.ts';
import type { HealthWatch, Watched } from '../../engine/health-watch.ts';
import type { OperationalError } from '../../kernel/errors.ts';
import { silentLog } from '../../kernel/log.ts';
import { createFakeDriver } from './fake-driver.ts';
import type { FakeEngine } from './fake-engine.ts';
import { FAKE_BINARIES, FakeWorld } from './fake-world.ts';

/** A `Fleet` with verbs that cause failures. */
export interface FakeFleet extends Fleet {
  /** The process ends by itself, as by a kill -9 from outside. */
  crash(key: string): void;
  /** Stops the process as SIGSTOP does, and lets the detection window pass. */
  hang(key: string): void;
  /** Continues the process as SIGCONT does. */
  resume(key: string): void;
  /** While on, a replica applies nothing from its primary. */
  lag(key: string, on: boolean): void;
  /** From now on, packets between two addresses are dropped where this returns true. */
  cut(isCut: (a: string, b: string) => boolean): void;
  /** The engine itself, for tests that inspect or change it without the fleet's knowledge. */
  engine(key: string): FakeEngine | undefined;
  /**
   * Damages the dump of a stopped node: removes it; makes it visibly incomplete; or alters it so that only the engine
   * notices when it loads it.
   */
  spoil(key: string, how: Spoiling): void;
  /** The next start of this node fails with this error. */
  failNextStart(key: string, error: OperationalError): void;
  /** Another fleet over the same processes and disks, as after a restart of Millpond. */
  reopen(): FakeFleet;
}

/** How `FakeFleet.spoil` damages a dump. */
export type Spoiling = 'remove' | 'truncate' | 'alter inside';

const DETECTION_MS = 1_000;

/** A fleet over a new, empty world. */
export function createFakeFleet(options: { binaries?: readonly EngineBinary[] } = {}): FakeFleet {
  return openFleet(new FakeWorld(), options.binaries ?? FAKE_BINARIES);
}

function openFleet(world: FakeWorld, binaries: readonly EngineBinary[]): FakeFleet {
  const watch = createManualWatch();
  const driver = createFakeDriver(world, binaries);
  const fleet = createFleet({
    ...{ driver, watch, secret: 'a secret of the fake', log: silentLog },
    failureDetectionMs: DETECTION_MS,
  });
  const engine = (key: string) => world.processes.get(key)?.engine;
  return {
    ...fleet,
    async adopt(known) {
      const unknown = await fleet.adopt(known);
      watch.advance(DETECTION_MS);
      return unknown;
    },
    // A hung engine never answers, so do not wait for it.
    stop: (key, how) => fleet.stop(key, engine(key)?.hung ? { ...how, graceMs: 0 } : how),
    crash: (key) => world.end(key, 'it was killed by SIGKILL'),
    hang(key) {
      const hung = engine(key);
      if (!hung) return;
      hung.hung = true;
      watch.advance(DETECTION_MS);
    },
    resume(key) {
      const process = world.processes.get(key);
      if (!process) return;
      process.engine.hung = false;
      process.events?.onAnswer('ready');
    },
    lag(key, on) {
      const lagging = engine(key);
      if (lagging) lagging.lagging = on;
    },
    cut(isCut) {
      world.network.isCut = isCut;
    },
    engine,
    spoil(key, how) {
      const file = world.files.get(key);
      if (how === 'remove') world.files.delete(key);
      else if (file) file.damage = { why: 'it is cut off', seen: how === 'truncate' };
    },
    failNextStart: (key, error) => void world.failures.set(key, error),
    reopen: () => openFleet(world, binaries),
  };
}

interface ManualWatch extends HealthWatch {
  /** Advances the clock and runs all checks. */
  advance(ms: number): void;
}

function createManualWatch(): ManualWatch {
  const all = new Set<Watched>();
  let time = 0;
  return {
    now: () => time,
    add: (watched) => void all.add(watched),
    delete: (watched) => void all.delete(watched),
    close: () => all.clear(),
    advance(ms) {
      time += ms;
      for (const watched of [...all]) watched.look(time, false);
    },
  };
}
