// Ending an engine for good: its leader and all that it forked (a child that writes the RDB holds client
// sockets open and may rename its old file over a newer one). Never decides *whether* to end something.

import { setTimeout as pause } from 'node:timers/promises';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import type { ProcessLook, ProcessTable } from './process-table.ts';

const TIME_LIMIT_MS = 10_000;
const LONGEST_PAUSE_MS = 20;
/** How long an engine may write nothing while it is to save its data. */
const SAVE_LIMIT_MS = 5_000;
/** Somebody will tell; this is for a system that is slow to end a process. */
const TOLD_LIMIT_MS = 500;

/**
 * SIGKILL to the process group of an engine that works in `directory`; resolves when every member is gone
 * or a zombie. A group of that number which works elsewhere is somebody else's by now and is left alone.
 * `leaderGone`, where somebody is told of the leader's end, saves looking again and again.
 * Rejects with TimedOut when the system does not let go of a member.
 */
export async function endGroup(
  table: ProcessTable,
  groupId: number,
  directory: string,
  leaderGone?: Promise<unknown>,
): Promise<void> {
  const deadline = performance.now() + TIME_LIMIT_MS;
  let told = leaderGone?.then(() => {
    told = undefined;
  });
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    if (!exists(groupId)) return;
    const members = leaderOf(table, groupId) ?? livingOf(table, groupId);
    if (members.length === 0) return;
    // A process on its way out has no working directory any more; it needs waiting for, not killing.
    if (members.some((look) => worksIn(table, look.pid, directory))) signal(-groupId, 'SIGKILL');
    else if (members.some((look) => worksElsewhere(table, look.pid, directory))) return;
    if (performance.now() > deadline) throw notEnded(table, groupId);
    // The system tells nobody but the parent when a process ends, so this one look has to be repeated.
    await (told ? upTo(TOLD_LIMIT_MS, told) : pause(pauseMs));
  }
}

/**
 * Asks an engine that nobody can talk to by SIGTERM to save its data and end, and waits for as long as it goes on
 * writing; then ends what is left as `endGroup` does. `writtenBytes`: how far it is.
 */
export async function endGroupInOrder(
  table: ProcessTable,
  groupId: number,
  directory: string,
  writtenBytes: () => Promise<number>,
): Promise<void> {
  if (table.workingDirectory(groupId) === directory) signal(groupId, 'SIGTERM');
  let written = 0;
  let deadline = performance.now() + SAVE_LIMIT_MS;
  while (leaderOf(table, groupId) && performance.now() < deadline) {
    const now = await writtenBytes().catch(() => 0);
    if (now > written) deadline = performance.now() + SAVE_LIMIT_MS;
    written = now;
    await pause(LONGEST_PAUSE_MS);
  }
  await endGroup(table, groupId, directory);
}

async function upTo(limitMs: number, event: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([event, pause(limitMs, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
}

/** Asked first, since the others are found only by a look at every process of the machine. */
function leaderOf(table: ProcessTable, groupId: number): [ProcessLook] | undefined {
  const leader = table.look(groupId);
  return leader?.groupId === groupId && leader.state !== 'dead' ? [leader] : undefined;
}

const livingOf = (table: ProcessTable, groupId: number): ProcessLook[] =>
  table.group(groupId).filter((look) => look.state !== 'dead');

function notEnded(table: ProcessTable, groupId: number): OperationalError {
  const pids = livingOf(table, groupId).map((look) => look.pid);
  const message = `The system did not end the engine process ${pids.join(', ')} after SIGKILL.`;
  return new OperationalError('TimedOut', message);
}

/** False when there is no such process (any more). */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
    throw new OperationalError('EngineFailed', `Process ${Math.abs(pid)} may not be signalled.`, error);
  }
}

function exists(groupId: number): boolean {
  try {
    return signal(-groupId, 0);
  } catch {
    return true; // Somebody else's, or (on macOS) all zombies: the look that follows says which.
  }
}

const worksIn = (table: ProcessTable, pid: number, directory: string): boolean =>
  table.workingDirectory(pid) === directory;

function worksElsewhere(table: ProcessTable, pid: number, directory: string): boolean {
  const at = table.workingDirectory(pid);
  return at !== undefined && at !== directory;
}
