// Whether a program gets its invocations by RPC: told by the environment variables that its file names.

import { createReadStream } from 'node:fs';
import type { FunctionSpec } from '../function.ts';

/** AWS: names the port on which a program of go1.x serves RPC. */
export const RPC_PORT = '_LAMBDA_SERVER_PORT';
const RUNTIME_API = 'AWS_LAMBDA_RUNTIME_API';
const PIECE_BYTES = 1024 * 1024;

/**
 * AWS: go1.x calls programs by RPC, and provided runtimes do not. Programs that know the Runtime API use it here on
 * either; those that know only RPC are called by RPC, also on provided runtimes.
 */
export async function speaksRpc({ runtime }: Pick<FunctionSpec, 'runtime'>, file: string): Promise<boolean> {
  const named = await namesIn(file, [RPC_PORT, RUNTIME_API]);
  if (named.has(RUNTIME_API)) return false;
  // A compressed program names nothing.
  return runtime === 'go1.x' || named.has(RPC_PORT);
}

async function namesIn(file: string, names: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const overlap = Math.max(...names.map(({ length }) => length)) - 1;
  let before = Buffer.alloc(0);
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) {
    const bytes = Buffer.concat([before, piece]);
    for (const name of names) if (!found.has(name) && bytes.includes(name)) found.add(name);
    if (found.size === names.length) break;
    before = bytes.subarray(-overlap);
  }
  return found;
}
