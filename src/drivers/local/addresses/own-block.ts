// Which block of addresses a data directory had in its last run, kept in the directory itself. A copy of the directory
// is told from the original, whose nodes may be running at those addresses.

import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AddressBlock, claimBlock } from './block.ts';
import { busyBlocks } from './busy-blocks.ts';

const FILE = 'address-block';

/** The block of the last run, since its nodes may still be running there; else a free one. Rejects as claimBlock. */
export async function claimOwnBlock(dataDir: string, busy = busyBlocks): Promise<AddressBlock> {
  const file = join(dataDir, FILE);
  const { number, identity } = read(file);
  const own = identityOf(dataDir);
  // A copy has the right to the addresses only where nobody uses them.
  const isCopy = identity !== undefined && identity !== own;
  const preferred = isCopy && number !== undefined && (await busy()).has(number) ? undefined : number;
  const block = await claimBlock({ dataDirectory: dataDir, ...(preferred && { preferred }) });
  if (block.number !== number || identity !== own) replace(file, `${block.number}\n${own}\n`);
  return block;
}

/** The same for as long as the directory stays on its file system, whatever its name; another one for a copy. */
function identityOf(directory: string): string {
  const { dev, ino } = statSync(directory);
  return `${dev}:${ino}`;
}

function read(file: string): { number?: number; identity?: string } {
  try {
    const [number, identity] = readFileSync(file, 'utf8').split('\n');
    return { ...(Number(number) && { number: Number(number) }), ...(identity && { identity }) };
  } catch {
    return {}; // The first run.
  }
}

/** Aside and renamed: on a full disk what was there has to stay. */
function replace(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
