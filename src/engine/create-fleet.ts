// Creates the fleet over a driver: keeps the list of its nodes and adopts those that already run. The behaviour of
// one node is in node.ts.

import type { Log } from '../kernel/log.ts';
import { adoptEngine } from './adopt.ts';
import type { Driver } from './driver.ts';
import type { Fleet, Moved, NodeSpec, UnknownEngine } from './fleet.ts';
import { createHealthWatch, type HealthWatch } from './health-watch.ts';
import { Node } from './node.ts';

/** What a fleet is made of. */
export interface FleetOptions {
  driver: Driver;
  /** See instance-secret.ts. */
  secret: string;
  /** How long an engine may give neither answer nor progress before it counts as hung, in ms; 2,000 by default. */
  failureDetectionMs?: number;
  log: Log;
  /** The clock and timer of health checks; the system's by default. */
  watch?: HealthWatch;
}

/** `Fleet.close` also closes the driver. */
export function createFleet(options: FleetOptions): Fleet {
  const { driver, log, secret } = options;
  const watch = options.watch ?? createHealthWatch();
  const nodes = new Map<string, Node>();
  const listeners = new Set<(key: string) => void>();
  const context = {
    ...{ secret, watch, log },
    failureDetectionMs: options.failureDetectionMs ?? 2_000,
    rejectedDirectives: new Set<string>(),
    onChange(key: string) {
      for (const listener of [...listeners]) listener(key);
    },
  };

  function node(key: string): Node {
    let found = nodes.get(key);
    if (!found) nodes.set(key, (found = new Node(context, key, driver.place(key))));
    return found;
  }

  /**
   * A replica that cannot reach its primary retries only a second later. So a replica whose primary is being started
   * here waits until the primary listens or has failed to.
   */
  const starts = new Map<string, Promise<unknown>>();
  async function start(spec: NodeSpec): Promise<Moved | undefined> {
    const primary = spec.replicaOf && starts.get(`${spec.replicaOf.address}:${spec.replicaOf.port}`);
    const started = (primary ?? Promise.resolve()).then(
      () => node(spec.key).start(spec),
      () => node(spec.key).start(spec),
    );
    const at = `${spec.address}:${spec.port}`;
    starts.set(at, started);
    try {
      return await started;
    } finally {
      if (starts.get(at) === started) starts.delete(at);
    }
  }

  return {
    binaries: driver.binaries,
    async adopt(known) {
      const unknown: UnknownEngine[] = [];
      for (const found of await driver.find()) {
        const runsHere = nodes.get(found.key)?.status().run;
        if (runsHere === found.name) continue;
        const { key, name, facts } = found;
        if (known.has(key)) await adoptEngine(found, runsHere !== undefined, { secret, log, node });
        else unknown.push({ run: name, key, ...(facts && { address: facts.address }) });
      }
      for (const { key, run } of unknown)
        log.warn(
          { key, run },
          'an unknown engine runs, which belongs to no node of the state; Millpond leaves it alone',
        );
      return unknown;
    },
    unknownData: async (known) => (await driver.keysWithData()).filter((key) => !known.has(key)),
    async endUnknownEngine({ key, run }) {
      await (await driver.find()).find((found) => found.key === key && found.name === run)?.end();
    },
    start,
    ready: (key, signal) => node(key).ready(signal),
    status: (key) => nodes.get(key)?.status() ?? { state: 'absent' },
    admin: (key) => node(key).admin,
    access: (key) => nodes.get(key)?.access(),
    kill: (key) => node(key).kill(),
    stop: (key, how) => node(key).stop(how),
    remove: (key) => node(key).remove(),
    stored: (key) => node(key).stored(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      watch.close();
      await Promise.all([...nodes.values()].map((each) => each.close()));
      await driver.close();
    },
  };
}
