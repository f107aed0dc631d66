// `millpond down`: stops a Millpond and its nodes in order, keeping their data; with `--purge` nothing is kept.
//
// The running process is asked by SIGTERM, which needs no port, no secret and works however busy the API is. Its
// end is certain once the data directory's lock can be had. When it had already died, its nodes may run on: then
// they are adopted here, and stopped.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type ConfigFlags, parseConfig } from '../config.ts';
import { endStandIn } from '../dns/stand-in/stand-in.ts';
import { findBinaries } from '../drivers/local/binaries.ts';
import { createLocalDriver } from '../drivers/local/local-driver.ts';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import { silentLog } from '../kernel/log.ts';
import { startTickOf } from '../kernel/process-identity.ts';
import { type CliContext, print, printError } from './context.ts';
import {
  type Claim,
  claimDataDirectory,
  deleteRecord,
  isDataDirectory,
  isHeld,
  purgeDataDirectory,
  readRecord,
} from './data-directory.ts';
import { isAlreadyRunning } from './millpond-process.ts';

// A node may have much to save; each gets ten seconds and more from its fleet.
const STOP_TIMEOUT_MS = 120_000;

export async function down(context: CliContext, flags: ConfigFlags & { purge?: boolean }): Promise<void> {
  const { purge, ...configFlags } = flags;
  const config = parseConfig(configFlags, context.env);
  const { dataDir } = config;
  if (!isDataDirectory(dataDir)) {
    print(`Millpond is not running on ${dataDir}, and nothing of it is there.`);
    return;
  }
  const wasRunning = isHeld(dataDir);
  if (wasRunning) askToStop(dataDir);
  const claim = claimOnceStopped(dataDir);
  try {
    const hadDied = readRecord(dataDir) !== undefined;
    if (hadDied) await stopLeftNodes(context, config, { wasRunning, dataIsWanted: !purge });
    await endStandIn(dataDir);
    const what = wasRunning || hadDied ? 'Millpond and its nodes are stopped' : 'Millpond was not running';
    const strangers = await findStrangers(dataDir, Boolean(purge));
    if (!purge) {
      print(`${what}; the data is kept in ${dataDir}.`);
      if (strangers.length > 0)
        printError(`Engines run on that its state does not know: ${strangers.join(', ')}.`);
      return;
    }
    const { others, staysFor } = await purgeDataDirectory(dataDir);
    print(`${what}, and nothing of it is left in ${dataDir}.`);
    if (staysFor !== undefined)
      printError(`${dataDir} itself, which is empty, stays: it cannot be removed (${staysFor}).`);
    if (others.length > 0)
      printError(
        `${dataDir} itself stays, for it holds what Millpond did not make: ${others.slice(0, 5).join(', ')}${others.length > 5 ? '…' : ''}`,
      );
  } finally {
    claim.release();
  }
}

function askToStop(dataDir: string): void {
  const record = readRecord(dataDir);
  if (!record) return;
  // Its lock is held, so this is it; but it may end at this instant, and its pid go to another.
  if (record.startTick && startTickOf(record.pid) !== record.startTick) return;
  try {
    process.kill(record.pid, 'SIGTERM');
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return;
    throw new OperationalError(
      'CommandFailed',
      `Millpond (pid ${record.pid}) belongs to another user; ask them, or use sudo.`,
      error,
    );
  }
}

function claimOnceStopped(dataDir: string): Claim {
  try {
    return claimDataDirectory(dataDir, STOP_TIMEOUT_MS);
  } catch (error) {
    if (!isAlreadyRunning(error)) throw error;
    const pid = readRecord(dataDir)?.pid ?? 'unknown';
    throw new OperationalError(
      'TimedOut',
      `Millpond (pid ${pid}) has not stopped for ${STOP_TIMEOUT_MS / 1000} s; \`kill -9 ${pid}\` and then \`${commandOn(dataDir, 'down')}\` again stops its nodes.`,
      error,
    );
  }
}

async function stopLeftNodes(
  context: CliContext,
  config: Config,
  { wasRunning, dataIsWanted }: { wasRunning: boolean; dataIsWanted: boolean },
): Promise<void> {
  printError(
    wasRunning
      ? 'Millpond has ended and not all of its nodes have; trying those again…'
      : 'Millpond had ended without stopping its nodes; finding and stopping them…',
  );
  try {
    // Any free port: nobody is meant to use this one.
    const withoutPort = { ...config, port: 0, logLevel: 'warn' } as const;
    const millpond = await context.startMillpond(withoutPort, { begin: false });
    for (const notice of millpond.notices) printError(notice);
    await millpond.stop({ nodes: 'stop' });
  } catch (error) {
    // Where the state itself is broken, a purge has to work all the same.
    if (dataIsWanted || !(error instanceof OperationalError)) throw error;
    printError(error.message);
  }
  deleteRecord(config.dataDir);
}

/** Engines that still run below the data directory; where everything goes, they go too. */
async function findStrangers(dataDir: string, end: boolean): Promise<string[]> {
  if (!existsSync(join(dataDir, 'nodes'))) return [];
  const binaries = await findBinaries().catch(() => []);
  const driver = createLocalDriver({ dataDir, binaries, log: silentLog });
  try {
    const left = await driver.find();
    if (end) for (const engine of left) await engine.end();
    return left.map(({ key, name }) => `nodes/${key} (${name})`);
  } finally {
    await driver.close();
  }
}
