// Addresses for tests that run real engines: a random 127.x.y block for each test process, verified to be free.
// For tests only.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const PORT = 6379;

let block: Promise<string> | undefined;
let last = 0;

/** An unused address on which port 6379 (and a bus port) is free. */
export async function freeAddress(): Promise<string> {
  block ??= findBlock();
  const prefix = await block;
  last += 1;
  if (last > 250) throw new Error('this test process has used up its addresses');
  return `${prefix}.${last}`;
}

export const testPort = PORT;

async function findBlock(): Promise<string> {
  for (let attempts = 0; attempts < 50; attempts++) {
    const x = randomInt(2, 251);
    if (x === 126 || x === 127) continue;
    const prefix = `127.${x}.${randomInt(1, 255)}`;
    if (await claim(`${prefix}.251`)) return prefix;
  }
  throw new Error('no free block of loopback addresses found');
}

/**
 * Keeps one address of the block in use while this process lives, so that no other test process chooses the block.
 */
async function claim(address: string): Promise<boolean> {
  const server = createServer().unref();
  try {
    server.listen(PORT, address);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  }
}
