// The checksum algorithms of S3: names, incremental computation, and the checksum of an object in parts. Pure.

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Algorithm, ChecksumType } from '../domain/records.ts';
import { CRC_KINDS, createCombiner } from './combine.ts';
import { type Crc64State, updateCrc32c, updateCrc64Nvme } from './crc-tables.ts';

/** The algorithms that Millpond supports. */
export const ALGORITHMS: readonly Algorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

/** Whether a text names a supported algorithm. */
export const isAlgorithm = (text: unknown): text is Algorithm => ALGORITHMS.includes(text as Algorithm);

const BYTES: Record<Algorithm, number> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

/** Whether a text has the form of a checksum of this algorithm: base64 of the right length. */
export function isWellFormed(algorithm: Algorithm, text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === BYTES[algorithm] && bytes.toString('base64') === text;
}

/** A checksum that is computed piece by piece. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** The raw bytes. Call it once, at the end. */
  digest(): Buffer;
}

/** Starts a checksum. */
export function startChecksum(algorithm: Algorithm): RunningChecksum {
  switch (algorithm) {
    case 'CRC32':
      return startCrc32();
    case 'CRC32C':
      return startCrc32c();
    case 'CRC64NVME':
      return startCrc64();
    default: {
      const hash = createHash(algorithm.toLowerCase());
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
  }
}

/** The checksum of bytes, raw. */
export function checksumOf(algorithm: Algorithm, bytes: Uint8Array): Buffer {
  const running = startChecksum(algorithm);
  running.update(bytes);
  return running.digest();
}

function startCrc32(): RunningChecksum {
  let state = 0;
  return {
    update: (bytes) => void (state = crc32(bytes, state)),
    digest: () => bigEndian(BigInt(state), 4),
  };
}

function startCrc32c(): RunningChecksum {
  let state = -1;
  return {
    update: (bytes) => void (state = updateCrc32c(state, bytes)),
    digest: () => bigEndian(BigInt((state ^ -1) >>> 0), 4),
  };
}

function startCrc64(): RunningChecksum {
  let state: Crc64State = { high: -1, low: -1 };
  return {
    update: (bytes) => void (state = updateCrc64Nvme(state, bytes)),
    digest: () => bigEndian((BigInt((state.high ^ -1) >>> 0) << 32n) | BigInt((state.low ^ -1) >>> 0), 8),
  };
}

function bigEndian(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

const asNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

/** The checksum and size of one part. */
export interface PartSum {
  /** Base64. */
  value: string;
  size: number;
}

/** The checksum of an object in parts, as S3 shows it: COMPOSITE covers the parts' checksums, FULL_OBJECT all bytes. */
export async function checksumOfParts(
  algorithm: Algorithm,
  type: ChecksumType,
  parts: readonly PartSum[],
): Promise<string> {
  const sums = parts.map((part) => Buffer.from(part.value, 'base64'));
  if (type === 'COMPOSITE') {
    return `${checksumOf(algorithm, Buffer.concat(sums)).toString('base64')}-${parts.length}`;
  }
  const combine = createCombiner(CRC_KINDS[algorithm as keyof typeof CRC_KINDS]);
  let whole = asNumber(sums[0]!);
  for (let index = 1; index < sums.length; index++) {
    // Each step takes about ten microseconds, and there can be 10,000.
    if (index % 500 === 0) await nextTurn();
    whole = combine(whole, asNumber(sums[index]!), parts[index]!.size);
  }
  return bigEndian(whole, BYTES[algorithm]).toString('base64');
}
