// What an earlier Millpond left in the directories of machines: records, and starts that it did not complete.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTickOf } from '../../kernel/process-identity.ts';
import { removeGroups } from './cgroups.ts';
import { type ContainerRecord, readIdentity, untilShimEnds } from './own-container.ts';
import { FILES } from './scripts.ts';

const GONE_WITHIN_MS = 5_000;

/** Ends what an interrupted start left running. The shim and what it started are one process group until the program runs. */
export async function endHalfStarted(directory: string): Promise<void> {
  const groups = await readFile(join(directory, FILES.cgroups), 'utf8').catch(() => '');
  await endShim(directory);
  await removeGroups(groups.split('\n').filter(Boolean));
}

async function endShim(directory: string): Promise<void> {
  const shim = readIdentity(join(directory, FILES.shim));
  const isThere = () => shim !== undefined && startTickOf(shim.pid) === shim.startTick;
  if (!shim || !isThere()) return;
  const ended = untilShimEnds(directory);
  const deadline = performance.now() + GONE_WITHIN_MS;
  try {
    process.kill(-shim.pid, 'SIGKILL');
  } catch {
    return;
  }
  await ended;
  // It may not have opened the pipe yet.
  while (isThere() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The record of the machine of this directory; `undefined` when it was not written completely. */
export async function readRecord<R extends ContainerRecord>(directory: string): Promise<R | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, FILES.spec), 'utf8')) as R;
  } catch {
    return undefined;
  }
}
