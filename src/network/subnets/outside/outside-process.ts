// The process that leads from the world to this host's network, by the edge. It outlives Millpond, and the next one adopts it. Which packets
// it gets is decided by rules.ts.

import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { OperationalError } from '../../../kernel/errors.ts';
import { startTickOf } from '../../../kernel/process-identity.ts';
import { replaceFile } from '../../../kernel/replace-file.ts';
import { killProcess } from '../kill-process.ts';
import type { World } from '../world.ts';
import { makeEdge } from './edge.ts';
import { ADVICE, EDGE_LINK, PROGRAM_DEVICE, PROGRAMS, type Program, pathOf, type Reach } from './programs.ts';

/** `network/outside.json` in the data directory. */
interface ProcessRecord {
  pid: number;
  startTick: string;
  program: Program['name'];
  /** Both programs work in an empty root, so their directory identifies nothing. */
  arguments: string[];
  /** See `Reach`. */
  reachHost: boolean;
}

/** A process that runs. */
export interface RunningProcess {
  readonly program: Program['name'];
  readonly pid: number;
  isAlive(): boolean;
}

/** What a process is started for. */
export interface Joining extends Reach {
  /** The folder of the record, in the data directory. */
  directory: string;
  world: Pick<World, 'pid' | 'hasUsers' | 'namespaceFile' | 'inside'>;
  programs?: readonly Program[];
}

const RECORD = 'outside.json';
const OUTPUT = 'outside.log';
const READY_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 3;
const MOST_OUTPUT_BYTES = 64 * 1024;

/**
 * The process waits for a line until its record is written: so none runs without a record, wherever Millpond is killed.
 * Arguments: the edge's namespace, the program, its arguments.
 */
const LAUNCH = 'read -r go || exit 1; namespace=$1; shift; exec "$@" <"$namespace"';

/** The process that runs already, if it is one for this world and may reach what it should; any other is ended. */
export async function adoptProcess(joining: Joining): Promise<RunningProcess | undefined> {
  const record = readRecord(joining.directory);
  if (!record) return undefined;
  if (isAlive(record) && record.reachHost === joining.reachHost && isConnected(joining))
    return running(record);
  await endProcess(joining.directory);
  return undefined;
}

/** Starts the first program that works. Rejects with NetworkUnavailable, which says why and what to do. */
export async function startProcess(joining: Joining): Promise<RunningProcess> {
  const failures: string[] = [];
  for (const program of joining.programs ?? PROGRAMS) {
    const path = pathOf(program);
    if (!path) continue;
    try {
      return await start(program, path, joining);
    } catch (error) {
      failures.push(`${program.name}: ${(error as Error).message}`);
      await endProcess(joining.directory);
    }
  }
  throw new OperationalError('NetworkUnavailable', failures.join('; ') || ADVICE);
}

/** Ends the process of this directory, if there is one, and forgets it. */
export async function endProcess(directory: string): Promise<void> {
  const record = readRecord(directory);
  if (record) await killProcess(record.pid, () => isAlive(record));
  for (const file of [RECORD, OUTPUT]) rmSync(join(directory, file), { force: true });
}

/** Empties the output of the process when it is long; nothing else bounds it. */
export function boundOutput(directory: string): void {
  const file = join(directory, OUTPUT);
  try {
    if (statSync(file).size > MOST_OUTPUT_BYTES) truncateSync(file);
  } catch {
    // No process was started.
  }
}

async function start(program: Program, path: string, joining: Joining): Promise<RunningProcess> {
  const edge = await makeEdge(joining.world);
  try {
    const record = await runProgram(program, path, edge.pid, joining);
    await edge.connect();
    return running(record);
  } finally {
    edge.release();
  }
}

/** Starts the program, and waits for its device in the edge. */
async function runProgram(
  program: Program,
  path: string,
  edgePid: number,
  { directory, world, reachHost }: Joining,
): Promise<ProcessRecord> {
  const args = program.argumentsFor({ pid: edgePid, hasUsers: world.hasUsers }, { reachHost });
  const output = openSync(join(directory, OUTPUT), 'a', 0o600);
  ftruncateSync(output);
  const launch = ['-c', LAUNCH, 'millpond-outside', `/proc/${edgePid}/ns/net`, path, ...args];
  const child = spawn('/bin/sh', launch, {
    ...{ cwd: directory, detached: true, stdio: ['pipe', output, output] },
    // It must not inherit credentials.
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
  closeSync(output);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `it ended with ${signal ?? code}`));
  child.stdin!.on('error', () => {});
  const { pid } = child;
  if (pid === undefined) throw new Error('it cannot be started');
  const record: ProcessRecord = {
    ...{ pid, startTick: startTickOf(pid) ?? '', program: program.name, arguments: args, reachHost },
  };
  writeRecord(directory, record);
  child.stdin!.end('\n');
  child.unref();
  const deadline = performance.now() + READY_WITHIN_MS;
  const hasDevice = new RegExp(`^ *${PROGRAM_DEVICE}:`, 'm');
  while (!hasDevice.test(readFileSync(`/proc/${edgePid}/net/dev`, 'latin1'))) {
    if (ended !== undefined) throw new Error(lastLine(directory) ?? ended);
    if (performance.now() > deadline) throw new Error('it did not open its device in time');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return record;
}

const running = (record: ProcessRecord): RunningProcess => ({
  program: record.program,
  pid: record.pid,
  isAlive: () => startTickOf(record.pid) === record.startTick,
});

/** The kernel removes the edge with the process, and the route with the edge. */
function isConnected({ world }: Joining): boolean {
  return new RegExp(`^${EDGE_LINK}\\t00000000\\t`, 'm').test(
    readFileSync(`/proc/${world.pid}/net/route`, 'latin1'),
  );
}

function isAlive({ pid, startTick, arguments: args }: ProcessRecord): boolean {
  if (startTickOf(pid) !== startTick) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').endsWith(`\0${args.join('\0')}\0`);
  } catch {
    return false;
  }
}

function lastLine(directory: string): string | undefined {
  // The programs complain about a system without a syslog first.
  const lines = readFileSync(join(directory, OUTPUT), 'utf8').split('\n');
  return lines.findLast((line) => line.trim() !== '' && !line.includes('to syslog'));
}

function readRecord(directory: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, RECORD), 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}

function writeRecord(directory: string, record: ProcessRecord): void {
  replaceFile(join(directory, RECORD), JSON.stringify(record));
}
