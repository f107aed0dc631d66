// `millpond up`: starts Millpond, in the foreground until Ctrl-C or detached.

import { flushCompileCache } from 'node:module';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print, printError } from './context.ts';
import type { InstanceRecord } from './data-directory.ts';
import { startDetached, tellParent } from './detached.ts';
import { listenForEnd, startInThisProcess } from './millpond-process.ts';
import { nodesServe } from './nodes-serve.ts';

/** With `detach`, returns when the child is ready and its nodes serve. Throws AlreadyRunning or the error of the start. */
export async function up(context: CliContext, flags: ConfigFlags & { detach?: boolean }): Promise<void> {
  const { detach, ...configFlags } = flags;
  const config = parseConfig(configFlags, context.env);
  if (detach) {
    const record = await startDetached(config, configFlags);
    print(describe(record, config.dataDir));
    for (const notice of record.notices) printError(notice);
    print(`Stop it with \`${commandOn(config.dataDir, 'down')}\`.`);
    return;
  }
  await upUntilSignal(context, configFlags, async ({ record, serving }) => {
    print(describe(record, config.dataDir));
    print('Ctrl-C stops everything and keeps the data.');
    const late = await serving;
    if (late) printError(late);
  });
}

/** A Millpond that answers. */
export interface Ready {
  record: Required<InstanceRecord>;
  /** Aborts when a signal ends it. */
  ending: AbortSignal;
  /** See `nodesServe`. */
  serving: Promise<string | undefined>;
}

/** Runs Millpond in this process until a signal ends it, then stops the nodes gracefully. */
export async function upUntilSignal(
  context: CliContext,
  flags: ConfigFlags,
  whenReady: (ready: Ready) => Promise<void>,
): Promise<void> {
  const config = parseConfig(flags, context.env);
  const end = listenForEnd(config.dataDir);
  const running = await startInThisProcess(config, context.startMillpond).catch(async (error: unknown) => {
    await tellParentOfFailure(error);
    throw error;
  });
  const { record, millpond } = running;
  const ending = new AbortController();
  void end.received.then(() => ending.abort());
  const serving = nodesServe(millpond, ending.signal);
  const told = serving.then(async (late) => {
    const notices = late === undefined ? record.notices : [...record.notices, late];
    await tellParent({ kind: 'ready', record: { ...record, notices } });
    if (process.connected) process.disconnect();
  });
  // By default Node does this only at exit, which kill -9 prevents.
  setImmediate(flushCompileCache);
  for (const notice of record.notices) printError(notice);
  const shown = end.isReceived ? undefined : whenReady({ record, ending: ending.signal, serving });
  const ready = Promise.all([told, shown]);
  try {
    // A signal interrupts unfinished work; a failure ends Millpond as a signal does.
    await Promise.race([end.received, ready.then(() => end.received)]);
  } finally {
    ending.abort();
    printError('stopping the nodes gracefully…');
    await running.stop();
    printError(`stopped; the data is kept for the next \`${commandOn(config.dataDir, 'up')}\`.`);
  }
  context.exitWith(0);
}

async function tellParentOfFailure(error: unknown): Promise<void> {
  const known = error instanceof OperationalError;
  const code = known ? error.code : 'CommandFailed';
  await tellParent({
    kind: 'failed',
    code,
    sentence: known ? error.message : `Internal error: ${String(error)}`,
  });
}

/** The addresses of a ready Millpond, as lines of text. */
export function describe(record: Required<InstanceRecord>, dataDir: string): string {
  const { url, dns } = record.listening;
  return [
    `Millpond is ready (pid ${record.pid}).`,
    `  API       ${url}`,
    `  DNS       ${dns.address}:${dns.port}`,
    `  Data      ${dataDir}`,
  ].join('\n');
}
