// What a Millpond took of this host's network: `network/host.json` in the data directory. It is written before a route
// is added, so that after a kill nothing is left that it does not name.

import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../kernel/replace-file.ts';
import { identityOf } from '../directory-identity.ts';

/** The record. */
export interface HostRecord {
  /** The first two octets of the block. */
  block: string;
  /** What local routes were added for: the block, or single addresses of it. In CIDR notation. */
  ranges: string[];
  /** Routes exist only in this network namespace, until the machine restarts. */
  place: string;
  /** The data directory itself: a copy of it took nothing. */
  directory: string;
}

const FILE = 'host.json';

/** `undefined` when there is none. */
export function readHostRecord(dataDir: string): HostRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(join(dataDir, 'network', FILE), 'utf8')) as HostRecord;
    return typeof record.block === 'string' && Array.isArray(record.ranges) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record for this place and directory. */
export function writeHostRecord(
  dataDir: string,
  { block, ranges }: Pick<HostRecord, 'block' | 'ranges'>,
): void {
  mkdirSync(join(dataDir, 'network'), { recursive: true, mode: 0o700 });
  const record: HostRecord = { block, ranges, place: placeOf(), directory: identityOf(dataDir) };
  replaceFile(join(dataDir, 'network', FILE), JSON.stringify(record));
}

/** Whether the routes of the record, if any, are in this network namespace and this directory's. */
export const isOfThisPlace = (dataDir: string, { place, directory }: HostRecord): boolean =>
  place === placeOf() && directory === identityOf(dataDir);

const placeOf = (): string =>
  `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/net')}`;
