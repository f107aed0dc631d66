// The spool of a shard: what its engine sent, on disk, until the sinks have it. The socket is always read, so a slow sink
// costs the cache nothing. Not synchronized to the disk: `kill -9` loses nothing, a power failure may.
//
//     history.json                        the generation, and the engine's id of its history
//     000002.dump                         the dump that generation 2 began with (.part: while it arrives)
//     000002-0000000000001234.stream      the bytes of its stream from offset 1234 on

import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { assert } from '../../kernel/assert.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { comparePositions, type Position, type ReadPosition } from './position.ts';

export interface SpoolLimits {
  /** A file of the stream is closed at this size. */
  segmentBytes: number;
  /** The newest bytes are kept in memory as well, so that a reader that keeps up reads no file. */
  memoryBytes: number;
}

const DEFAULT_LIMITS: SpoolLimits = { segmentBytes: 16 * 1024 * 1024, memoryBytes: 8 * 1024 * 1024 };

interface Segment {
  generation: number;
  start: number;
  bytes: number;
}

interface Arrival {
  offset: number;
  at: number;
}

/** Arrivals closer together than this are noted as one. */
const ARRIVAL_STEP_MS = 5;
const MOST_ARRIVALS = 20_000;
const STREAM_FILE = /^(\d{6})-(\d{16})\.stream$/;
const DUMP_FILE = /^(\d{6})\.dump$/;

/** The spool of one shard. Its methods throw the system's errors, ENOSPC among them. */
export class Spool {
  readonly #directory: string;
  readonly #limits: SpoolLimits;
  readonly #segments: Segment[] = [];
  readonly #dumps = new Map<number, number>();
  /** The newest bytes, in order; they end where the stream ends. */
  #memory: Buffer[] = [];
  #memoryStart = 0;
  #arrivals: Arrival[] = [];
  #historyId: string | undefined;
  #generation = 0;
  #writer: number | undefined;
  #reader: { segment: Segment; file: number } | undefined;
  #part: { file: number; bytes: number } | undefined;

  constructor(directory: string, limits: Partial<SpoolLimits> = {}) {
    this.#directory = directory;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#open();
  }

  /** The engine's id of the history that the stream belongs to; absent before the first resynchronization. */
  get historyId(): string | undefined {
    return this.#historyId;
  }

  /** 0 before the first resynchronization. */
  get generation(): number {
    return this.#generation;
  }

  /** Where the next byte of the stream goes. */
  get end(): Position {
    const last = this.#segments.at(-1);
    return { generation: this.#generation, offset: last ? last.start + last.bytes : 0 };
  }

  /** Bytes on disk. */
  get bytes(): number {
    let sum = this.#part?.bytes ?? 0;
    for (const { bytes } of this.#segments) sum += bytes;
    for (const bytes of this.#dumps.values()) sum += bytes;
    return sum;
  }

  /** Where the dump is that the generation began with. */
  dumpFile(generation: number): string {
    return join(this.#directory, `${digits(generation, 6)}.dump`);
  }

  /** The dump of a generation, and where its stream goes on. */
  startOf(generation: number): Position | undefined {
    const first = this.#segments.find((segment) => segment.generation === generation);
    return first && { generation, offset: first.start };
  }

  /** The end of a generation's stream. */
  endOf(generation: number): Position {
    const last = this.#segments.findLast((segment) => segment.generation === generation);
    return { generation, offset: last ? last.start + last.bytes : 0 };
  }

  /** The history goes on under another id, after a failover. */
  rename(historyId: string): void {
    if (historyId === this.#historyId) return;
    this.#note(this.#generation, historyId);
  }

  append(bytes: Buffer, at: number): void {
    let segment = this.#segments.at(-1);
    assert(segment, 'a stream begins with a resynchronization');
    if (segment.bytes >= this.#limits.segmentBytes) segment = this.#roll(this.end);
    this.#writer ??= openSync(this.#fileOf(segment), 'a', 0o600);
    const offset = segment.start + segment.bytes;
    for (let written = 0; written < bytes.length; ) {
      const count = writeSync(this.#writer, bytes, written);
      written += count;
      segment.bytes += count;
    }
    this.#remember(bytes, offset);
    const last = this.#arrivals.at(-1);
    if (!last || at - last.at >= ARRIVAL_STEP_MS) this.#arrivals.push({ offset, at });
    if (this.#arrivals.length > MOST_ARRIVALS)
      this.#arrivals = this.#arrivals.filter((_, index) => index % 2 === 0);
  }

  /** A full resynchronization begins; what an earlier attempt received is dropped. */
  beginDump(): void {
    this.dropDump();
    this.#part = { file: openSync(this.#partFile(), 'w', 0o600), bytes: 0 };
  }

  appendDump(bytes: Buffer): void {
    assert(this.#part, 'a dump is being received');
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#part.file, bytes, written);
    this.#part.bytes += bytes.length;
  }

  /** The dump is complete: a new generation begins, whose stream goes on at `offset`. */
  endDump(historyId: string, offset: number): void {
    assert(this.#part, 'a dump is being received');
    const generation = this.#generation + 1;
    closeSync(this.#part.file);
    renameSync(this.#partFile(), this.dumpFile(generation));
    this.#dumps.set(generation, this.#part.bytes);
    this.#part = undefined;
    this.#roll({ generation, offset });
    this.#note(generation, historyId);
  }

  dropDump(): void {
    if (this.#part) closeSync(this.#part.file);
    this.#part = undefined;
    rmSync(this.#partFile(), { force: true });
  }

  /** Drops the bytes from `offset` on, which the history that goes on does not have. Nothing may have read them. */
  truncate(offset: number): void {
    this.#closeFiles();
    for (let last = this.#segments.at(-1); last; last = this.#segments.at(-1)) {
      assert(last.generation === this.#generation, 'only the newest generation is truncated');
      if (last.start < offset || this.#isFirst(last)) {
        last.bytes = Math.max(0, Math.min(last.bytes, offset - last.start));
        const file = openSync(this.#fileOf(last), 'r+');
        ftruncateSync(file, last.bytes);
        closeSync(file);
        break;
      }
      this.#segments.pop();
      rmSync(this.#fileOf(last), { force: true });
    }
    this.#memory = [];
    this.#memoryStart = this.end.offset;
    this.#arrivals = this.#arrivals.filter((arrival) => arrival.offset < offset);
  }

  /**
   * Bytes of the generation's stream from there on: at most `most`, at least one unless there are none. They may be
   * kept, and must not be changed.
   */
  read({ generation, offset }: Position, most: number): Buffer | undefined {
    if (generation === this.#generation && offset >= this.#memoryStart) return this.#fromMemory(offset, most);
    const segment = this.#segments.findLast((one) => one.generation === generation && one.start <= offset);
    if (!segment) return undefined;
    const left = Math.min(most, segment.start + segment.bytes - offset);
    if (left <= 0) return undefined;
    if (this.#reader?.segment !== segment) {
      if (this.#reader) closeSync(this.#reader.file);
      this.#reader = { segment, file: openSync(this.#fileOf(segment), 'r') };
    }
    const bytes = Buffer.allocUnsafe(left);
    const count = readSync(this.#reader.file, bytes, 0, left, offset - segment.start);
    return count > 0 ? bytes.subarray(0, count) : undefined;
  }

  /** The generation after this one; `undefined` while there is none. */
  after(generation: number): number | undefined {
    return this.#segments.find((segment) => segment.generation > generation)?.generation;
  }

  /** When the byte before `offset` arrived; `undefined` when it was before this process. */
  arrivedAt(offset: number): number | undefined {
    let low = 0;
    let high = this.#arrivals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#arrivals[middle]!.offset < offset) low = middle + 1;
      else high = middle;
    }
    return this.#arrivals[low - 1]?.at;
  }

  /** Deletes what lies wholly before the position. */
  trim(position: ReadPosition): void {
    while (this.#segments.length > 1) {
      const [first, second] = this.#segments as [Segment, Segment];
      if (
        comparePositions(
          second.generation === first.generation
            ? { ...second, offset: second.start }
            : { generation: first.generation + 1, offset: 0 },
          position,
        ) > 0
      )
        break;
      this.#segments.shift();
      if (this.#reader?.segment === first) {
        closeSync(this.#reader.file);
        this.#reader = undefined;
      }
      rmSync(this.#fileOf(first), { force: true });
    }
    for (const generation of this.#dumps.keys()) {
      if (generation > position.generation || (generation === position.generation && !position.isPastDump))
        continue;
      this.#dumps.delete(generation);
      rmSync(this.dumpFile(generation), { force: true });
    }
    const kept = this.#arrivals.findIndex(({ offset }) => offset >= position.offset);
    if (position.generation === this.#generation && kept > 1) this.#arrivals.splice(0, kept - 1);
  }

  close(): void {
    this.#closeFiles();
    if (this.#part) closeSync(this.#part.file);
    this.#part = undefined;
  }

  #open(): void {
    const history = readHistory(this.#historyFile());
    this.#generation = history?.generation ?? 0;
    this.#historyId = history?.id;
    rmSync(this.#partFile(), { force: true });
    for (const name of readdirSync(this.#directory).toSorted()) {
      const file = join(this.#directory, name);
      const generation = Number((STREAM_FILE.exec(name) ?? DUMP_FILE.exec(name))?.[1] ?? Number.NaN);
      if (Number.isNaN(generation)) continue;
      // A generation that was not noted: its dump is received again.
      if (generation > this.#generation) rmSync(file, { force: true });
      else if (name.endsWith('.dump')) this.#dumps.set(generation, statSync(file).size);
      else {
        this.#segments.push({
          generation,
          start: Number(STREAM_FILE.exec(name)![2]),
          bytes: statSync(file).size,
        });
      }
    }
    if (!this.#segments.some(({ generation }) => generation === this.#generation))
      this.#historyId = undefined;
    this.#memoryStart = this.end.offset;
  }

  #roll({ generation, offset }: Position): Segment {
    if (this.#writer !== undefined) closeSync(this.#writer);
    const segment = { generation, start: offset, bytes: 0 };
    this.#writer = openSync(this.#fileOf(segment), 'a', 0o600);
    this.#segments.push(segment);
    if (generation !== this.#generation) {
      this.#memory = [];
      this.#memoryStart = offset;
      this.#arrivals = [];
    }
    return segment;
  }

  #note(generation: number, id: string): void {
    replaceFile(this.#historyFile(), JSON.stringify({ generation, id }));
    this.#generation = generation;
    this.#historyId = id;
  }

  #remember(bytes: Buffer, offset: number): void {
    if (this.#memory.length === 0) this.#memoryStart = offset;
    this.#memory.push(bytes);
    let kept = offset + bytes.length - this.#memoryStart;
    let dropped = 0;
    while (kept > this.#limits.memoryBytes) {
      const { length } = this.#memory[dropped++]!;
      kept -= length;
      this.#memoryStart += length;
    }
    if (dropped > 0) this.#memory.splice(0, dropped);
  }

  #fromMemory(offset: number, most: number): Buffer | undefined {
    let start = this.end.offset;
    for (let index = this.#memory.length - 1; index >= 0; index--) {
      const bytes = this.#memory[index]!;
      start -= bytes.length;
      if (start > offset) continue;
      const at = offset - start;
      return at < bytes.length ? bytes.subarray(at, at + most) : undefined;
    }
    return undefined;
  }

  #isFirst(segment: Segment): boolean {
    return this.#segments.find(({ generation }) => generation === segment.generation) === segment;
  }

  #closeFiles(): void {
    if (this.#writer !== undefined) closeSync(this.#writer);
    if (this.#reader) closeSync(this.#reader.file);
    this.#writer = undefined;
    this.#reader = undefined;
  }

  #fileOf({ generation, start }: Segment): string {
    return join(this.#directory, `${digits(generation, 6)}-${digits(start, 16)}.stream`);
  }

  #partFile(): string {
    return join(this.#directory, 'arriving.part');
  }

  #historyFile(): string {
    return join(this.#directory, 'history.json');
  }
}

const digits = (number: number, count: number): string => String(number).padStart(count, '0');

function readHistory(file: string): { generation: number; id: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { generation: number; id: string };
  } catch {
    return undefined;
  }
}
