// The thread that unpacks and deletes code packages, one at a time, with blocking calls. It gets paths and knows
// neither functions nor the store.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { OperationalError } from '../../../kernel/errors.ts';
import type { FromThread, OpeningTask } from './opener.ts';
import { NotAPackage, TooLargeOpened } from './refusals.ts';
import { entryCountOf, inspect, unzip } from './unzip.ts';

const port = parentPort!;

port.on('message', async (task: OpeningTask) => {
  let answer: FromThread;
  try {
    answer = { kind: 'done', isOpened: await carryOut(task) };
  } catch (error) {
    answer = failureOf(error);
  }
  port.postMessage(answer);
});

/** Resolves to whether a package was unpacked. */
async function carryOut(task: OpeningTask): Promise<boolean> {
  if (task.kind === 'delete') {
    rmSync(task.path, { recursive: true, force: true });
    return false;
  }
  const zip = readFileSync(task.package);
  if (task.mostEntries !== undefined && (await entryCountOf(zip)) > task.mostEntries) {
    await inspect(zip);
    return false;
  }
  mkdirSync(task.directory, { recursive: true, mode: 0o700 });
  await unzip(zip, task.directory);
  return true;
}

function failureOf(error: unknown): FromThread {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TooLargeOpened) return { kind: 'too large' };
  if (error instanceof NotAPackage) return { kind: 'no package', message };
  if (error instanceof OperationalError) return { kind: 'machine', code: error.code, message };
  const code = (error as { code?: string } | undefined)?.code;
  return { kind: 'failed', message, ...(code !== undefined && { code }) };
}
