// Starts one node: renders its configuration and waits until its engine listens or has failed. node.ts decides
// whether it may start and what happens afterwards; the driver starts the process.

import type { Log } from '../kernel/log.ts';
import { nodesFileFrom } from './cluster-seed.ts';
import { renderConfiguration } from './configuration.ts';
import type { Place, Run } from './driver.ts';
import { rejectedDirective, startFailure } from './engine-log.ts';
import type { Moved, NodeSpec } from './fleet.ts';
import type { NodeHealth } from './node-health.ts';

/** What all starts of a fleet share. */
export interface StartContext {
  secret: string;
  failureDetectionMs: number;
  /** Directives that an engine here is known to reject, so that each is tried only once. */
  rejectedDirectives: Set<string>;
  log: Log;
}

/** Begins to watch the health of a started engine. */
export type WatchRun = (run: Run) => NodeHealth;

/** How long a start waits for the engine to listen before it leaves the rest to the health checks. */
const LISTEN_LIMIT_MS = 5_000;
/** Rejected directives are left out one by one, up to this many. */
const MAX_REJECTED_DIRECTIVES = 16;

/**
 * Resolves when the engine listens, with the foreign files that were moved away. Parameters outlive engine versions,
 * so a directive that this version rejects is left out. Rejects as `Fleet.start` does.
 */
export async function startEngine(
  context: StartContext,
  place: Place,
  spec: NodeSpec,
  watch: WatchRun,
): Promise<Moved | undefined> {
  const { engine, version } = spec.binary;
  const moved = spec.data === 'new' ? await place.moveForeignFiles() : undefined;
  const taken = (name: string, value: string) => `${engine} ${version} ${name} ${value}`;
  for (let attempts = 0; ; attempts++) {
    const directives = Object.fromEntries(
      Object.entries(spec.directives).filter(
        ([name, value]) => !context.rejectedDirectives.has(taken(name, value)),
      ),
    );
    const directive = await tryStart(context, place, { ...spec, directives }, watch);
    if (directive === undefined) return moved;
    const value = directives[directive];
    if (value === undefined || attempts === MAX_REJECTED_DIRECTIVES) {
      throw startFailure(spec.key, 'it rejects its configuration', await place.lastLines());
    }
    const rejected = { key: spec.key, directive, value, engine, version };
    context.log.warn(rejected, 'the engine rejects a directive and runs without it');
    context.rejectedDirectives.add(taken(directive, value));
  }
}

/** Resolves with the name of the directive that the engine rejected, if that is why it did not start. */
async function tryStart(
  context: StartContext,
  place: Place,
  spec: NodeSpec,
  watch: WatchRun,
): Promise<string | undefined> {
  const timeoutMs = clusterNodeTimeoutMs(context.failureDetectionMs);
  const configuration = renderConfiguration(spec, context.secret, timeoutMs);
  if (configuration.leftOut.length > 0) {
    context.log.debug(
      { key: spec.key, directives: configuration.leftOut },
      'left out directives that cannot be set',
    );
  }
  const { cluster, binary } = spec;
  const run = await place.start({
    spec,
    configuration: configuration.text,
    ...(cluster && { nodesFile: (found) => nodesFileFrom(found, cluster, binary) }),
  });
  const health = watch(run);
  const listenLimit = new AbortController();
  const reason = await Promise.race([
    health.accepted,
    run.ended,
    elapsed(LISTEN_LIMIT_MS, listenLimit.signal),
  ]);
  listenLimit.abort();
  if (typeof reason !== 'string') return undefined;
  const lines = await place.lastLines();
  const directive = rejectedDirective(lines);
  if (directive === undefined) throw startFailure(spec.key, reason, lines);
  return directive;
}

/**
 * The engine's own election is only the fallback: it must start well after Millpond detects a failure, since two
 * concurrent failovers delay each other.
 */
const clusterNodeTimeoutMs = (failureDetectionMs: number): number => 2 * failureDetectionMs + 1_000;

/** Resolves after `ms`, or earlier when the signal aborts. */
const elapsed = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
