// Reads the spool of a shard from a position on: which keys its commands changed, in order.

import { CommandReader } from '../engine-format/command-reader.ts';
import type { Effect, WrittenKeys } from '../engine-format/commands/written-keys.ts';
import type { ReadPosition } from './position.ts';
import type { Spool } from './spool.ts';

/** A command that changed something. */
export interface ReadCommand {
  effect: Extract<Effect, { kind: 'keys' | 'flush' | 'swap' | 'unknown' }>;
  args: Buffer[];
  database: number;
  /** The stream's offset after it. */
  offset: number;
  /** When it arrived: milliseconds since the epoch. */
  at: number;
}

/** What was read at once. */
export type ReadPiece =
  | { kind: 'commands'; commands: ReadCommand[]; after: ReadPosition }
  /** A generation begins with its dump, which is to be read before the stream. */
  | { kind: 'dump'; file: string; generation: number; offset: number };

export interface ReadLimits {
  /** Changes of keys. */
  changes: number;
  bytes: number;
}

/** The reader of one shard. */
export class ShardReader {
  readonly #spool: Spool;
  readonly #written: WrittenKeys;
  #position: ReadPosition;
  #commands: CommandReader;

  constructor(spool: Spool, position: ReadPosition, written: WrittenKeys) {
    this.#spool = spool;
    this.#written = written;
    this.#position = position;
    this.#commands = new CommandReader(position.offset);
  }

  /** After the last whole command that was read. */
  get position(): ReadPosition {
    return this.#position;
  }

  /** Up to there the newest generation was read, in the middle of a command too. */
  get readTo(): number {
    const { generation } = this.#spool;
    if (this.#position.generation === generation) return this.#commands.offset;
    return this.#spool.startOf(generation)?.offset ?? 0;
  }

  /**
   * The next commands up to `readableTo`, an offset of the newest generation; `undefined` when there are none. Throws a
   * FormatError when the stream makes no sense.
   */
  read(readableTo: number, limits: ReadLimits): ReadPiece | undefined {
    const position = this.#position;
    if (!position.isPastDump) {
      const start = this.#spool.startOf(position.generation);
      if (!start || this.#limitOf(position.generation, readableTo) < start.offset) return undefined;
      return { kind: 'dump', file: this.#spool.dumpFile(position.generation), ...start };
    }
    const piece = this.#readStream(this.#limitOf(position.generation, readableTo), limits);
    if (piece) return piece;
    const next = this.#spool.after(position.generation);
    if (next === undefined) return undefined;
    // The end of the old generation may be the middle of a command, which the new one's dump contains.
    this.#goTo({ ...this.#spool.startOf(next)!, isPastDump: false, database: 0 });
    return this.read(readableTo, limits);
  }

  /** The dump was read; the stream goes on with this database. */
  passDump(database: number): ReadPosition {
    // A new feed does not know before where its first generation begins.
    const { offset } = this.#spool.startOf(this.#position.generation) ?? this.#position;
    this.#goTo({ ...this.#position, offset, isPastDump: true, database });
    return this.#position;
  }

  #goTo(position: ReadPosition): void {
    this.#position = position;
    this.#commands = new CommandReader(position.offset);
  }

  #limitOf(generation: number, readableTo: number): number {
    return generation === this.#spool.generation ? readableTo : this.#spool.endOf(generation).offset;
  }

  #readStream(limit: number, limits: ReadLimits): ReadPiece | undefined {
    const reader = this.#commands;
    const { generation } = this.#position;
    const commands: ReadCommand[] = [];
    let { database, offset } = this.#position;
    let changes = 0;
    let bytes = 0;
    for (;;) {
      const command = reader.next();
      if (!command) {
        if (bytes >= limits.bytes || reader.offset >= limit) break;
        const chunk = this.#spool.read(
          { generation, offset: reader.offset },
          Math.min(READ_BYTES, limit - reader.offset),
        );
        if (!chunk) break;
        bytes += chunk.length;
        reader.push(chunk);
        continue;
      }
      offset = command.end;
      if (command.args.length === 0) continue;
      const effect = this.#written.effect(command.args);
      if (effect.kind === 'none' || effect.kind === 'begin' || effect.kind === 'end') continue;
      if (effect.kind === 'select') {
        database = effect.database;
        continue;
      }
      const at = this.#spool.arrivedAt(offset) ?? Date.now();
      command.args[0] = upperCase(command.args[0]!);
      commands.push({ effect, args: command.args, database, offset, at });
      changes += effect.kind === 'keys' ? effect.keys.length : 1;
      if (changes >= limits.changes) break;
    }
    if (offset === this.#position.offset) return undefined;
    this.#position = { generation, offset, isPastDump: true, database };
    return { kind: 'commands', commands, after: this.#position };
  }
}

const NAMES = new Map<string, Buffer>();
const MOST_NAMES = 1_000;

/** The command's name in upper case; usual ones share their memory. */
function upperCase(name: Buffer): Buffer {
  const text = name.toString('latin1');
  let upper = NAMES.get(text);
  if (!upper) {
    upper = Buffer.from(text.toUpperCase(), 'latin1');
    if (NAMES.size < MOST_NAMES) NAMES.set(text, upper);
  }
  return upper;
}

const READ_BYTES = 256 * 1024;
