// Starts a Millpond that outlives this command. The child is the same program with `up`; it reports over an IPC
// channel when it is ready or has failed, and is then left running. Its output goes to a log in the data directory.

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type ConfigFlags, flagArguments } from '../config.ts';
import { type OperationalCode, OperationalError, systemCode } from '../kernel/errors.ts';
import { type InstanceRecord, LOG, makeDataDirectory } from './data-directory.ts';

type Message =
  | { kind: 'ready'; record: Required<InstanceRecord> }
  | { kind: 'failed'; code: OperationalCode; sentence: string };

// Nodes with much data take long to load it.
const READY_TIMEOUT_MS = 180_000;
const LARGEST_LOG_BYTES = 16 * 1024 * 1024;

/** Resolves when the child is ready; throws the child's own error when it fails. */
export async function startDetached(config: Config, flags: ConfigFlags): Promise<Required<InstanceRecord>> {
  makeDataDirectory(config.dataDir);
  const logFile = join(config.dataDir, LOG);
  const log = openLog(logFile);
  const program = [...process.execArgv, process.argv[1]!];
  const child = spawn(
    process.execPath,
    [...program, 'up', ...flagArguments({ ...flags, dataDir: config.dataDir })],
    {
      detached: true,
      cwd: '/',
      stdio: ['ignore', log, log, 'ipc'],
    },
  );
  closeSync(log);
  const giveUp = () => child.kill('SIGTERM');
  process.once('SIGINT', giveUp);
  const timer = setTimeout(giveUp, READY_TIMEOUT_MS);
  try {
    return await new Promise((resolve, reject) => {
      child.once('message', (message: Message) => {
        if (message.kind === 'ready') resolve(message.record);
        else reject(new OperationalError(message.code, message.sentence));
      });
      child.once('error', (error) =>
        reject(new OperationalError('CommandFailed', `Cannot start Millpond: ${error.message}`, error)),
      );
      child.once('exit', () => reject(new OperationalError('CommandFailed', endedEarly(logFile))));
    });
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', giveUp);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** Reports to the parent process over its channel; does nothing without one. */
export function tellParent(message: Message): Promise<void> {
  if (!process.send || !process.connected) return Promise.resolve();
  // The parent may have ended by now; then the message is lost.
  return new Promise((resolve) => process.send!(message, () => resolve()));
}

function openLog(file: string): number {
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG_BYTES)
      renameSync(file, `${file}.1`);
    return openSync(file, 'a', 0o600);
  } catch (error) {
    const code = systemCode(error) === 'ENOSPC' ? 'DiskFull' : 'StateUnreadable';
    throw new OperationalError(code, `The log ${file} cannot be written: ${(error as Error).message}`, error);
  }
}

function endedEarly(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  const last = lines.at(-1)?.slice(0, 300) ?? '';
  return `Millpond ended while it was starting; its log is ${logFile}${last ? ` and ends: ${last}` : ''}`;
}
