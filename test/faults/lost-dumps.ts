// What may befall the files of nodes while nothing runs: dumps that are removed, cut short, altered or filled with
// noise, and directories that are gone.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { MillpondProcess } from './millpond-process.ts';
import type { Random } from './random.ts';
import type { Shard } from './victims.ts';

export const SPOILINGS = {
  'remove the dump': (directory: string) => rmSync(join(directory, 'dump.rdb')),
  'empty the dump': (directory: string) => truncateSync(join(directory, 'dump.rdb'), 0),
  'cut the dump short': (directory: string) =>
    truncateSync(join(directory, 'dump.rdb'), Math.floor(sizeOf(directory) * 0.7)),
  'fill the dump with noise': (directory: string) =>
    writeFileSync(join(directory, 'dump.rdb'), randomBytes(sizeOf(directory))),
  /** Only who reads all of it can tell. */
  'alter the middle of the dump': (directory: string) => alterMiddle(join(directory, 'dump.rdb')),
  'remove the directory': (directory: string) => rmSync(directory, { recursive: true }),
  'remove nodes.conf': (directory: string) => rmSync(join(directory, 'nodes.conf'), { force: true }),
  'fill nodes.conf with noise': (directory: string) => {
    const file = join(directory, 'nodes.conf');
    if (existsSync(file)) writeFileSync(file, randomBytes(500));
  },
} as const;

export type Spoiling = keyof typeof SPOILINGS;

const ALL = Object.keys(SPOILINGS) as Spoiling[];

/** Those that cost a node something: nodes.conf is there in cluster mode only. */
export const spoilingsFor = (group: string): Spoiling[] =>
  group.includes('mode on') ? ALL : ALL.filter((how) => !how.includes('nodes.conf'));

export const directoryOf = ({ dataDir }: MillpondProcess, memberId: string): string =>
  join(dataDir, 'nodes', 'us-east-1', '000000000000', memberId);

export function spoil(millpond: MillpondProcess, memberId: string, how: Spoiling): void {
  SPOILINGS[how](directoryOf(millpond, memberId));
}

/** Spoils some members of each shard and leaves at least one as it is. Returns what was done, for the report. */
export function spoilSome(
  millpond: MillpondProcess,
  shards: Shard[],
  ways: readonly Spoiling[],
  random: Random,
): string[] {
  const done: string[] = [];
  for (const { primary, replicas } of shards) {
    const spared = random.pick([primary, ...replicas]);
    for (const { id } of [primary, ...replicas]) {
      if (id === spared.id || random.below(5) === 0) continue;
      const how = random.pick(ways);
      spoil(millpond, id, how);
      done.push(`${how} of ${id}`);
    }
  }
  return done;
}

const sizeOf = (directory: string): number => statSync(join(directory, 'dump.rdb')).size;

function alterMiddle(file: string): void {
  const bytes = readFileSync(file);
  const at = bytes.length - Math.max(12, Math.floor(bytes.length / 3));
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Buffer.from([bytes[at]! ^ 0xff]), 0, 1, at);
  } finally {
    closeSync(handle);
  }
}
