// What the parsers of feeds cost: commands of a replication stream, and bytes of a dump, per second of processor time. The
// floor of the first is a scan of the same bytes for line ends; of the second, one copy of them into other memory in
// chunks and a check sum that engines do not use, `zlib.crc32`.

import { crc32 } from 'node:zlib';
import { CommandReader } from '../src/feed/engine-format/command-reader.ts';
import { WrittenKeys } from '../src/feed/engine-format/commands/written-keys.ts';
import { DumpReader } from '../src/feed/engine-format/rdb/dump-reader.ts';
import { startBareEngine } from '../test/support/bare-engine.ts';
import type { Bench } from './context.ts';
import { best, type JudgedRow, row } from './row.ts';

const CHUNK = 64 * 1024;

export async function measureEngineFormat(bench: Bench): Promise<JudgedRow[]> {
  const rounds = bench.rounds(7, 3);
  const commands = bench.rounds(300_000, 100_000);
  const stream = chunksOf(
    Buffer.concat(
      Array.from({ length: commands }, (_, at) => {
        const [key, value] = [`cart:${at}`, `{"items":${at}}`];
        return Buffer.from(
          `*4\r\n$4\r\nHSET\r\n$${key.length}\r\n${key}\r\n$5\r\nitems\r\n$${value.length}\r\n${value}\r\n`,
        );
      }),
    ),
  );
  bench.say('reading a replication stream');
  const scanned = best(times(rounds, () => perSecond(commands, () => scan(stream))));
  const read = best(times(rounds, () => perSecond(commands, () => readCommands(stream))));
  bench.say('reading a dump');
  const dump = chunksOf(await writeDump(bench.rounds(200_000, 50_000)));
  const megabytes = dump.reduce((sum, chunk) => sum + chunk.length, 0) / 1e6;
  const copied = best(times(rounds, () => perSecond(megabytes, () => copy(dump))));
  const parsed = best(times(rounds, () => perSecond(megabytes, () => readDump(dump))));
  return [
    row('replicated commands read, with the keys that they write', read, 'per CPU-second', {
      floor: scanned,
      target: { atLeast: 215_000 },
    }),
    row('a dump read, with digests and its check sum', parsed, 'MB per CPU-second', { floor: copied }),
  ];
}

function times(count: number, work: () => number): number[] {
  return Array.from({ length: count }, work);
}

/** How many there are in a second of processor time. */
function perSecond(count: number, work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1e6);
}

function scan(chunks: readonly Buffer[]): void {
  for (const chunk of chunks) for (let at = chunk.indexOf(10); at >= 0; ) at = chunk.indexOf(10, at + 1);
}

function readCommands(chunks: readonly Buffer[]): void {
  const reader = new CommandReader(0);
  const keys = new WrittenKeys();
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let command = reader.next(); command; command = reader.next()) keys.effect(command.args);
  }
}

function copy(chunks: readonly Buffer[]): void {
  const target = Buffer.alloc(CHUNK);
  let sum = 0;
  for (const chunk of chunks) {
    chunk.copy(target);
    sum = crc32(chunk, sum);
  }
}

function readDump(chunks: readonly Buffer[]): void {
  const reader = new DumpReader();
  for (const chunk of chunks) {
    reader.push(chunk);
    while (reader.next());
  }
  reader.finish();
}

/** Hashes as the feed's users have them: some fields, short values. */
async function writeDump(keys: number): Promise<Buffer> {
  await using engine = await startBareEngine(process.env.MILLPOND_BENCH_ENGINE ?? 'redis-server');
  for (let from = 0; from < keys; from += 1000) {
    const pipeline = engine.client.pipeline();
    for (let at = from; at < from + 1000; at++) {
      pipeline.hset(
        `cart:${at}`,
        'firstName',
        `John ${at}`,
        'lastName',
        'Smith',
        'items',
        at,
        'note',
        'x'.repeat(40),
      );
    }
    await pipeline.exec();
  }
  return await engine.dump();
}

function chunksOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, at) =>
    bytes.subarray(at * CHUNK, (at + 1) * CHUNK),
  );
}
