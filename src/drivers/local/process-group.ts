// Ends an engine with all its children (a child that writes the RDB holds client sockets open and may rename its old
// file over a newer one). The caller decides whether to end it.

import { setTimeout as pause } from 'node:timers/promises';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import type { ProcessLook, ProcessTable } from './process-table.ts';

const TIME_LIMIT_MS = 10_000;
const LONGEST_PAUSE_MS = 20;
/** How long an engine that should save its data may write nothing. */
const SAVE_LIMIT_MS = 5_000;
/** The limit of waiting for a reported exit, in case the system is slow. */
const TOLD_LIMIT_MS = 500;

/**
 * Sends SIGKILL to the process group of an engine that works in `directory`; resolves when every member is gone or a
 * zombie. A group of that number that works elsewhere belongs to another program by now and is left alone.
 * `leaderGone` reports the leader's exit, if anything does, and saves polling. Rejects with TimedOut when the system
 * does not end a member.
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
    // An exiting process has no working directory any more; wait for it, do not kill it.
    if (members.some((look) => worksIn(table, look.pid, directory))) signal(-groupId, 'SIGKILL');
    else if (members.some((look) => worksElsewhere(table, look.pid, directory))) return;
    if (performance.now() > deadline) throw notEnded(table, groupId);
    // The system reports an exit only to the parent, so others must poll.
    await (told ? upTo(TOLD_LIMIT_MS, told) : pause(pauseMs));
  }
}

/**
 * Sends SIGTERM to an engine that cannot be reached, so that it saves its data and exits. Waits while it keeps
 * writing, then ends the rest as `endGroup` does. `writtenBytes` returns its progress.
 */
export async function endGroupGracefully(
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

/** Checked first, since finding the other members means reading every process of the machine. */
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

/** Sends a signal. False when there is no such process. Throws EngineFailed when it is not permitted. */
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
    return true; // Another user's, or (on macOS) all zombies: the next check tells which.
  }
}

const worksIn = (table: ProcessTable, pid: number, directory: string): boolean =>
  table.workingDirectory(pid) === directory;

function worksElsewhere(table: ProcessTable, pid: number, directory: string): boolean {
  const at = table.workingDirectory(pid);
  return at !== undefined && at !== directory;
}
