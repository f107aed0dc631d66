// The way from machines to the outside: keeps the kernel's rules equal to what the routes say, and keeps the process that
// is the way running once a machine has needed it.

import type { Log } from '../../../kernel/log.ts';
import type { OpenInterface, Outside, OutsideState } from '../../network.ts';
import type { Routes } from '../../routes.ts';
import { tool } from '../tools.ts';
import type { World } from '../world.ts';
import { departuresOf } from './departures.ts';
import {
  adoptProcess,
  boundOutput,
  endProcess,
  type RunningProcess,
  startProcess,
} from './outside-process.ts';
import { type Program, whyNoWayOut } from './programs.ts';
import { changing, type Departures, rewriting } from './rules.ts';

/** The way out, for the network itself. */
export interface WorldOutside extends Outside {
  /** Resolves when a new interface can use the way out that it has. Never rejects: without a way out it goes on. */
  admit(): Promise<void>;
  /** Call it after an interface was closed. */
  interfacesChanged(): void;
  /** Resolves when nothing changes any more. `ends`: the process ends too; else the next Millpond continues it. */
  stop(ends: boolean): Promise<void>;
}

/** What the way out needs. */
export interface OutsideOptions {
  world: Pick<World, 'pid' | 'hasUsers' | 'namespaceFile' | 'directory' | 'run' | 'inside'>;
  interfaces(): readonly OpenInterface[];
  /** Commands of the user reach this host's loopback. */
  reachHost: boolean;
  /** The programs to try; all by default. */
  programs?: readonly Program[];
  log: Log;
}

/** How often the process is looked at; it may be no child of this Millpond. */
const LOOK_EVERY_MS = 1_000;
/** After a failure the next attempt waits this long, then twice as long. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** Does nothing before `begin`. */
export function createOutside(options: OutsideOptions): WorldOutside {
  const { world, interfaces, reachHost, programs, log } = options;
  const joining = {
    ...{ world, directory: world.directory, reachHost, ...(programs && { programs }) },
  };
  let readRoutes: (() => Promise<Routes>) | undefined;
  let routes: Routes | undefined;
  let hasBegun = false;
  let isStopped = false;
  let running: RunningProcess | undefined;
  /** A machine has needed the way out. */
  let isNeeded = false;
  /** Why there is no process, and when to try again; milliseconds of `performance.now`. */
  let failure: { reason: string; waitMs: number; until: number } | undefined;
  /** What the kernel has. Absent: unknown, so everything is written. */
  let applied: Departures | undefined;
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function pass(): Promise<void> {
    if (!readRoutes || interfaces().every(({ subnet }) => !subnet)) routes = undefined;
    else routes ??= await readRoutes();
    const departures = departuresOf(interfaces(), routes, reachHost);
    isNeeded ||= departures.isNeeded;
    if (!isNeeded) return;
    const text = applied ? changing(applied, departures) : rewriting(departures);
    applied = undefined;
    if (text) await world.run([tool('nft'), '-f', '-'], text);
    applied = departures;
    await keepRunning();
  }

  async function keepRunning(): Promise<void> {
    if (running?.isAlive()) return;
    if (running) log.warn({ part: 'network', pid: running.pid }, 'the way to the outside had ended');
    running = undefined;
    if (failure && performance.now() < failure.until) return;
    running = await startProcess(joining);
    failure = undefined;
    log.info(
      { part: 'network', program: running.program, pid: running.pid },
      'there is a way to the outside',
    );
  }

  function failed(error: unknown): void {
    const reason = (error as Error).message;
    const waitMs = Math.min(failure ? failure.waitMs * 2 : FIRST_RETRY_MS, LAST_RETRY_MS);
    if (reason !== failure?.reason)
      log.warn({ part: 'network', err: error }, `machines do not reach the outside: ${reason}`);
    failure = { reason, waitMs, until: performance.now() + waitMs };
  }

  /** A pass that begins after this moment. Several callers share one. */
  function next(): Promise<void> {
    if (!hasBegun || isStopped) return Promise.resolve();
    waiting ??= last.then(() => {
      waiting = undefined;
      if (isStopped) return;
      last = pass().catch(failed);
      return last;
    });
    return waiting;
  }

  function look(): void {
    if (!isNeeded) return;
    boundOutput(world.directory);
    const isDue = failure ? performance.now() >= failure.until : !running?.isAlive();
    if (isDue || (isNeeded && !applied)) void next();
  }

  return {
    async begin(read) {
      readRoutes = read;
      running = await adoptProcess(joining);
      isNeeded = running !== undefined;
      hasBegun = true;
      timer = setInterval(look, LOOK_EVERY_MS).unref();
      await next();
    },
    admit: next,
    interfacesChanged: () => void next(),
    routesChanged() {
      routes = undefined;
      void next();
    },
    state(): OutsideState {
      if (running?.isAlive()) return { is: 'open', program: running.program, pid: running.pid };
      const reason = failure?.reason ?? (programs ? undefined : whyNoWayOut());
      return reason === undefined ? { is: 'closed' } : { is: 'missing', reason };
    },
    async stop(ends) {
      isStopped = true;
      clearInterval(timer);
      await last;
      if (ends) await endProcess(world.directory);
    },
  };
}
