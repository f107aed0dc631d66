// Remembers the address block of a data directory in the directory itself. Distinguishes a copy of the directory from
// the original, whose nodes may be running at those addresses.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../kernel/replace-file.ts';
import { identityOf } from '../directory-identity.ts';
import { type AddressBlock, claimBlock } from './block.ts';
import { busyBlocks } from './busy-blocks.ts';

const FILE = 'address-block';

/** Claims the block of the last run, where its nodes may still run, else a free one. Rejects as `claimBlock` does. */
export async function claimOwnBlock(dataDir: string, busy = busyBlocks): Promise<AddressBlock> {
  const file = join(dataDir, FILE);
  const { number, identity } = read(file);
  const own = identityOf(dataDir);
  // A copy may use the block only if nothing listens there.
  const isCopy = identity !== undefined && identity !== own;
  const preferred = isCopy && number !== undefined && (await busy()).has(number) ? undefined : number;
  const block = await claimBlock({ dataDirectory: dataDir, ...(preferred && { preferred }) });
  if (block.number !== number || identity !== own) replaceFile(file, `${block.number}\n${own}\n`);
  return block;
}

function read(file: string): { number?: number; identity?: string } {
  try {
    const [number, identity] = readFileSync(file, 'utf8').split('\n');
    return { ...(Number(number) && { number: Number(number) }), ...(identity && { identity }) };
  } catch {
    return {}; // The first run.
  }
}
