// The instance's own /16 of loopback, 127.B.0.0/16: chosen free, and held for as long as the process lives, so that
// several Millponds on one machine never notice each other. Who gets which address inside is not decided here.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { OperationalError, systemCode } from '../../../kernel/errors.ts';
import { busyBlocks } from './busy-blocks.ts';

export interface AddressBlock {
  /** B in 127.B.0.0/16. */
  readonly number: number;
  /** Where the DNS server listens: 127.B.0.2, as a VPC's resolver is at its base plus two. */
  readonly dnsAddress: string;
  contains(address: string): boolean;
  release(): Promise<void>;
}

export interface BlockOptions {
  /** Two instances start their search at different places; the same one finds its block again. */
  dataDirectory: string;
  /** The block of the last run: its nodes may still be running there, so it is taken unless another holds it. */
  preferred?: number;
  /** Blocks in which somebody else listens; for tests. */
  busy?: () => Promise<ReadonlySet<number>>;
}

const FIRST_BLOCK = 2;
const LAST_BLOCK = 254;
/** 53 is a resolver's habit (127.0.0.53 and its kin), 127 looks like a slip. */
const AVOIDED = new Set([53, 127]);
/**
 * Holding block B means listening on 127.0.0.1 at this port + B: the kernel gives the claim back with the process,
 * and a port that something else holds costs one block of 251. Outside of the ephemeral range.
 */
const LOCK_PORT_BASE = 23_000;

/** Rejects with AddressUnavailable when every block is taken. */
export async function claimBlock(options: BlockOptions): Promise<AddressBlock> {
  const { preferred } = options;
  if (preferred !== undefined && isBlockNumber(preferred)) {
    const release = await tryLock(preferred);
    if (release) return blockOf(preferred, release);
  }
  const busy = await (options.busy ?? busyBlocks)();
  for (const block of searchOrder(options.dataDirectory)) {
    if (busy.has(block)) continue;
    const release = await tryLock(block);
    if (release) return blockOf(block, release);
  }
  throw new OperationalError(
    'AddressUnavailable',
    'Every block of loopback addresses (127.2.0.0/16 to 127.254.0.0/16) is in use; stop another Millpond first.',
  );
}

export const isBlockNumber = (block: number): boolean =>
  Number.isInteger(block) && block >= FIRST_BLOCK && block <= LAST_BLOCK && !AVOIDED.has(block);

/** All blocks, beginning at one that the directory's path decides. */
function searchOrder(dataDirectory: string): number[] {
  const all = Array.from({ length: LAST_BLOCK - FIRST_BLOCK + 1 }, (_, i) => FIRST_BLOCK + i);
  const blocks = all.filter(isBlockNumber);
  const start = createHash('sha256').update(resolve(dataDirectory)).digest().readUInt32BE() % blocks.length;
  return [...blocks.slice(start), ...blocks.slice(0, start)];
}

async function tryLock(block: number): Promise<(() => Promise<void>) | undefined> {
  const lock = createServer((socket) => socket.destroy());
  try {
    lock.listen({ host: '127.0.0.1', port: LOCK_PORT_BASE + block, exclusive: true });
    await once(lock, 'listening');
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
  lock.unref();
  return () => new Promise((done) => lock.close(() => done()));
}

const blockOf = (block: number, release: () => Promise<void>): AddressBlock => ({
  number: block,
  dnsAddress: `127.${block}.0.2`,
  contains: (address) => address.startsWith(`127.${block}.`),
  release,
});
