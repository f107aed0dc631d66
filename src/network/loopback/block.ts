// Claims the instance's own /16 of loopback addresses, 127.B.0.0/16, for the lifetime of the process, so that several
// Millponds on one machine do not collide. Addresses inside the block are assigned elsewhere.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import { busyBlocks } from './busy-blocks.ts';

/** A claimed block. */
export interface AddressBlock {
  /** B in 127.B.0.0/16. */
  readonly number: number;
  /** The address of the DNS server: 127.B.0.2, as a VPC's resolver is at its base plus two. */
  readonly dnsAddress: string;
  contains(address: string): boolean;
  release(): Promise<void>;
}

/** How to search for a block. */
export interface BlockOptions {
  /**
   * Decides where the search starts, so that two instances start at different blocks and each finds its own again.
   */
  dataDirectory: string;
  /** The block of the last run, where its nodes may still run. It is used unless another process holds it. */
  preferred?: number;
  /** Blocks in which other processes listen; for tests. */
  busy?: () => Promise<ReadonlySet<number>>;
}

const FIRST_BLOCK = 2;
const LAST_BLOCK = 254;
/** Resolvers use 127.0.0.53 and similar addresses; 127 looks like a typing error. */
const AVOIDED = new Set([53, 127]);
/** Every block that may be claimed, ascending. */
export const BLOCKS: readonly number[] = Array.from(
  { length: LAST_BLOCK - FIRST_BLOCK + 1 },
  (_, index) => FIRST_BLOCK + index,
).filter((block) => !AVOIDED.has(block));
/**
 * A listener on 127.0.0.1 at this port + B is the lock of block B. The kernel releases it with the process, and a
 * port in use by another program costs only one block of 251. Outside of the ephemeral range.
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

/** Whether a block may be claimed. */
export const isBlockNumber = (block: number): boolean => BLOCKS.includes(block);

/** All blocks, starting at one derived from the directory's path. */
function searchOrder(dataDirectory: string): number[] {
  const start = createHash('sha256').update(resolve(dataDirectory)).digest().readUInt32BE() % BLOCKS.length;
  return [...BLOCKS.slice(start), ...BLOCKS.slice(0, start)];
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
