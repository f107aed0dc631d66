// `millpond down`: stops a Millpond and its nodes gracefully, keeping their data; `--purge` deletes it.
//
// The running process gets SIGTERM, which needs no port and no secret and works however busy the API is. It has ended
// once the lock of the data directory is free. If it had crashed, its nodes may still run: then this command adopts
// and stops them.

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
import { endNetwork } from '../network/open-network.ts';
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

// A node may have much data to save; the fleet gives each at least ten seconds.
const STOP_TIMEOUT_MS = 120_000;

/** Throws TimedOut when the process does not stop. */
export async function down(context: CliContext, flags: ConfigFlags & { purge?: boolean }): Promise<void> {
  const { purge, ...configFlags } = flags;
  const config = parseConfig(configFlags, context.env);
  const { dataDir } = config;
  if (!isDataDirectory(dataDir)) {
    print(`Millpond is not running on ${dataDir}, and there is no data of it.`);
    return;
  }
  const wasRunning = isHeld(dataDir);
  if (wasRunning) askToStop(dataDir);
  const claim = claimOnceStopped(dataDir);
  try {
    const hadDied = readRecord(dataDir) !== undefined;
    if (hadDied) await stopLeftNodes(context, config, { wasRunning, dataIsWanted: !purge });
    await endStandIn(dataDir);
    await endNetwork(dataDir);
    const what = wasRunning || hadDied ? 'Millpond and its nodes are stopped' : 'Millpond was not running';
    const unknown = await findUnknownEngines(dataDir, Boolean(purge));
    if (!purge) {
      print(`${what}; the data is kept in ${dataDir}.`);
      if (unknown.length > 0)
        printError(`Engines that the state does not know still run: ${unknown.join(', ')}.`);
      return;
    }
    const { others, staysFor } = await purgeDataDirectory(dataDir);
    print(`${what}, and all of its data in ${dataDir} is deleted.`);
    if (staysFor !== undefined) printError(`${dataDir} is empty but cannot be removed (${staysFor}).`);
    if (others.length > 0)
      printError(
        `${dataDir} is kept, because it has files that Millpond did not create: ${others.slice(0, 5).join(', ')}${others.length > 5 ? '…' : ''}`,
      );
  } finally {
    claim.release();
  }
}

function askToStop(dataDir: string): void {
  const record = readRecord(dataDir);
  if (!record) return;
  // The lock is held, so the record names the holder; but it may end at this moment and its pid be reused.
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
    // Any free port: no client needs this one.
    const withoutPort = { ...config, port: 0, logLevel: 'warn' } as const;
    const millpond = await context.startMillpond(withoutPort, { begin: false });
    for (const notice of millpond.notices) printError(notice);
    await millpond.stop({ nodes: 'stop' });
  } catch (error) {
    // A purge must work even if the state is damaged.
    if (dataIsWanted || !(error instanceof OperationalError)) throw error;
    printError(error.message);
  }
  deleteRecord(config.dataDir);
}

/** Finds engines that still run below the data directory, and ends them if `end` is set. */
async function findUnknownEngines(dataDir: string, end: boolean): Promise<string[]> {
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
