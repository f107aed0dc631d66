// The replication stream: commands as arrays of bulk strings, one after the other, and line ends between them that keep
// the connection alive. Chunks may be cut at any byte; nothing is joined but an argument that is cut itself.

import { FormatError } from './format-error.ts';

/** The most that one command may have. An engine accepts strings of 512 MiB unless it is configured otherwise. */
export interface CommandLimits {
  /** Of all arguments together. */
  bytes: number;
  arguments: number;
}

/** A command of the stream. */
export interface ReplicatedCommand {
  kind: 'command';
  /** The name first, as it was sent. Slices of the chunks: what keeps one keeps the memory of its chunk. */
  args: Buffer[];
  /** The stream's offset after it: how many bytes of the stream were read. */
  end: number;
}

export const COMMAND_LIMITS: CommandLimits = { bytes: 1024 ** 3, arguments: 4 * 1024 ** 2 };

const LF = 10;
const CR = 13;
const DOLLAR = 36;
const STAR = 42;
const MINUS = 45;

/** What the next byte is. */
const BETWEEN = 0;
const COUNT = 1;
const ARGUMENT = 2;
const LENGTH = 3;
const DATA = 4;
const DATA_CR = 5;
const DATA_LF = 6;
const COUNT_LF = 7;
const LENGTH_LF = 8;

/** The least memory for an argument that is cut. */
const GROWTH = 64 * 1024;

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Reads commands: `push` a chunk, then call `next` until it returns `undefined`. A chunk must not be changed afterwards.
 * Throws a FormatError.
 */
export class CommandReader {
  readonly #limits: CommandLimits;
  #chunk = NOTHING;
  #at = 0;
  /** The stream's offset at the beginning of the chunk. */
  #base: number;
  #state = BETWEEN;
  /** The number that is being read, and its digits so far. */
  #number = 0;
  #digits = 0;
  #missing = 0;
  #length = 0;
  #bytes = 0;
  #args: Buffer[] = [];
  /** What was received of an argument that is cut. */
  #part = NOTHING;
  #gathered = 0;

  /** @param offset The stream's offset before the first byte. */
  constructor(offset: number, limits: CommandLimits = COMMAND_LIMITS) {
    this.#base = offset;
    this.#limits = limits;
  }

  /** The stream's offset after all that was read, in the middle of a command too. */
  get offset(): number {
    return this.#base + this.#at;
  }

  push(chunk: Buffer): void {
    if (this.#at < this.#chunk.length) throw new Error('The last chunk has not been read.');
    this.#base += this.#at;
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Takes the bytes of the last chunk that were not read, for those who store the stream instead. */
  rest(): Buffer {
    const rest = this.#chunk.subarray(this.#at);
    this.#at = this.#chunk.length;
    return rest;
  }

  /** The next command; `undefined` when the chunk has no more whole ones. */
  next(): ReplicatedCommand | undefined {
    const chunk = this.#chunk;
    const end = chunk.length;
    let at = this.#at;
    while (at < end) {
      if (this.#state === DATA) {
        at = this.#data(chunk, at, end);
        continue;
      }
      const byte = chunk[at++] as number;
      switch (this.#state) {
        case BETWEEN:
          if (byte === STAR) this.#begin(COUNT);
          else if (byte !== LF && byte !== CR) throw unexpected(byte, 'a command');
          break;
        case COUNT:
        case LENGTH:
          if (byte >= 48 && byte <= 57) this.#digit(byte - 48);
          else if (byte === CR && this.#digits > 0)
            this.#state = this.#state === COUNT ? COUNT_LF : LENGTH_LF;
          // `*-1` is an empty command, which engines skip.
          else if (byte !== MINUS || this.#state !== COUNT || this.#digits > 0) {
            throw unexpected(byte, 'a length');
          } else this.#digits = -1;
          break;
        case COUNT_LF:
          if (byte !== LF) throw unexpected(byte, 'the end of a line');
          this.#counted();
          break;
        case ARGUMENT:
          if (byte !== DOLLAR) throw unexpected(byte, 'an argument');
          this.#begin(LENGTH);
          break;
        case LENGTH_LF:
          if (byte !== LF) throw unexpected(byte, 'the end of a line');
          this.#measured();
          break;
        case DATA_CR:
          if (byte !== CR) throw unexpected(byte, 'the end of an argument');
          this.#state = DATA_LF;
          break;
        default: {
          if (byte !== LF) throw unexpected(byte, 'the end of an argument');
          if (--this.#missing > 0) {
            this.#state = ARGUMENT;
            break;
          }
          this.#state = BETWEEN;
          this.#at = at;
          const args = this.#args;
          this.#args = [];
          return { kind: 'command', args, end: this.#base + at };
        }
      }
    }
    this.#at = at;
    return undefined;
  }

  #begin(state: number): void {
    this.#state = state;
    this.#number = 0;
    this.#digits = 0;
  }

  #digit(digit: number): void {
    if (this.#digits === -1) {
      if (digit !== 1) throw new FormatError('malformed', 'A command has a negative length.');
      this.#digits = 1;
      return;
    }
    if (++this.#digits > 10) throw new FormatError('too-large', 'A length has more than ten digits.');
    this.#number = this.#number * 10 + digit;
  }

  #counted(): void {
    if (this.#number > this.#limits.arguments) {
      throw new FormatError('too-large', `A command has ${this.#number} arguments.`);
    }
    this.#missing = this.#number;
    this.#bytes = 0;
    this.#state = this.#missing === 0 ? BETWEEN : ARGUMENT;
  }

  #measured(): void {
    this.#length = this.#number;
    this.#bytes += this.#number;
    if (this.#bytes > this.#limits.bytes) {
      throw new FormatError('too-large', `A command has ${this.#bytes} bytes or more.`);
    }
    this.#state = DATA;
  }

  /** Reads what the chunk has of an argument, and returns where it ends. */
  #data(chunk: Buffer, at: number, end: number): number {
    const missing = this.#length - this.#gathered;
    if (end - at >= missing && this.#gathered === 0) {
      this.#args.push(chunk.subarray(at, at + missing));
    } else {
      const read = Math.min(missing, end - at);
      this.#gather(chunk, at, read);
      if (read < missing) return end;
      this.#args.push(this.#part.subarray(0, this.#length));
      this.#part = NOTHING;
      this.#gathered = 0;
    }
    this.#state = DATA_CR;
    return at + missing;
  }

  /** Copies bytes of an argument that is cut. Its memory grows with what was received, not with what was announced. */
  #gather(chunk: Buffer, at: number, bytes: number): void {
    const gathered = this.#gathered + bytes;
    if (gathered > this.#part.length) {
      const grown = Buffer.allocUnsafe(Math.min(this.#length, Math.max(2 * gathered, GROWTH)));
      this.#part.copy(grown, 0, 0, this.#gathered);
      this.#part = grown;
    }
    chunk.copy(this.#part, this.#gathered, at, at + bytes);
    this.#gathered = gathered;
  }
}

function unexpected(byte: number, expected: string): FormatError {
  return new FormatError('malformed', `The replication stream has byte ${byte} where ${expected} should be.`);
}
