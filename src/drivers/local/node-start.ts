// Starting one node here: its files, its process, and the wait until it listens or has failed to. Whether it may
// be started, and what becomes of it afterwards, is local-node.ts's.

import type { ChildProcess } from 'node:child_process';
import { RENAME_COMMANDS, renderConfiguration } from '../../engine/configuration.ts';
import type { Moved, NodeSpec } from '../../engine/fleet.ts';
import type { Log } from '../../kernel/log.ts';
import type { EngineProcess } from './engine-process.ts';
import { assertListenable, rejectedDirective, spawnEngine, startFailure } from './local-process.ts';
import type { NodeDirectory, NodeRecord } from './node-directory.ts';
import type { ProcessTable } from './process-table.ts';

export interface StartContext {
  secret: string;
  table: ProcessTable;
  failureDetectionMs: number;
  /** Directives that an engine here is known not to take, so that each is tried once. */
  rejectedDirectives: Set<string>;
  log: Log;
}

/** A process that has just been started, or found. */
export interface FoundProcess {
  pid: number;
  startTick: string;
  /** Present when it is our own child. */
  child?: ChildProcess;
}

export type WatchProcess = (record: NodeRecord, process: FoundProcess) => EngineProcess;

/** How long a start waits for the engine to listen before it leaves the rest to health. */
const LISTEN_LIMIT_MS = 5_000;
/** Directives that an engine rejects are left out one by one, but not for ever. */
const MAX_REJECTED_DIRECTIVES = 16;

/** Resolves when the engine listens. Parameters outlive engine versions: what this one rejects is left out. */
export async function startEngine(
  context: StartContext,
  directory: NodeDirectory,
  spec: NodeSpec,
  watch: WatchProcess,
): Promise<Moved | undefined> {
  const { engine, version, path } = spec.binary;
  const moved = spec.data === 'new' ? await makeWay(context, directory) : undefined;
  const taken = (name: string, value: string) => `${path} ${version} ${name} ${value}`;
  for (let attempts = 0; ; attempts++) {
    const directives = Object.fromEntries(
      Object.entries(spec.directives).filter(
        ([name, value]) => !context.rejectedDirectives.has(taken(name, value)),
      ),
    );
    const directive = await tryStart(context, directory, { ...spec, directives }, watch);
    if (directive === undefined) return moved;
    const value = directives[directive];
    if (value === undefined || attempts === MAX_REJECTED_DIRECTIVES) {
      throw startFailure(spec.key, 'it rejects its configuration', await directory.lastLines());
    }
    const rejected = { key: spec.key, directive, value, engine, version };
    context.log.warn(rejected, 'the engine does not take a directive and runs without it');
    context.rejectedDirectives.add(taken(directive, value));
  }
}

async function makeWay({ table, log }: StartContext, directory: NodeDirectory): Promise<Moved | undefined> {
  const pids = table.workingBelow(directory.path).map(({ pid }) => pid);
  const to = await directory.giveWay(() => pids.length > 0);
  if (to === undefined || pids.length === 0) return undefined;
  log.warn(
    { pids, to },
    `engines that the state does not know run in ${directory.path}, which gives way to a new node and is ${to} now`,
  );
  return { to, pids };
}

/** Resolves with the name of the directive that the engine rejected, if that is why it did not start. */
async function tryStart(
  context: StartContext,
  directory: NodeDirectory,
  spec: NodeSpec,
  watch: WatchProcess,
): Promise<string | undefined> {
  await assertListenable(spec.address, spec.port);
  const timeoutMs = clusterNodeTimeoutMs(context.failureDetectionMs);
  const configuration = renderConfiguration(spec, context.secret, timeoutMs);
  if (configuration.leftOut.length > 0) {
    context.log.debug({ key: spec.key, directives: configuration.leftOut }, 'directives not for the asking');
  }
  await directory.prepare(spec, configuration.text);
  const record: NodeRecord = {
    key: spec.key,
    address: spec.address,
    port: spec.port,
    binary: spec.binary,
    renameCommands: spec.directives[RENAME_COMMANDS],
  };
  await directory.writeRecord(record);
  const child = await spawnEngine(spec.binary, directory);
  const pid = child.pid!;
  const startTick = context.table.look(pid)?.startTick ?? '';
  const started = watch(record, { pid, startTick, child });
  await directory.writeRecord({ ...record, process: { pid, startTick } });

  const listenLimit = new AbortController();
  const reason = await Promise.race([
    started.accepted,
    started.ended,
    elapsed(LISTEN_LIMIT_MS, listenLimit.signal),
  ]);
  listenLimit.abort();
  if (typeof reason !== 'string') return undefined;
  const lines = await directory.lastLines();
  const directive = rejectedDirective(lines);
  if (directive === undefined) throw startFailure(spec.key, reason, lines);
  return directive;
}

/**
 * The engine's own election is the fallback for when nobody else acts: it must begin well after a failure would
 * have been detected here, since two drivers of one failover delay each other.
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
