// Everything that a primary sends to a replica: answers to the handshake, the answer to PSYNC, the dump of a full
// resynchronization in either kind of transfer, then the replication stream. Redis: src/replication.c,
// `slaveTryPartialResynchronization` and `readSyncBulkPayload`.

import { type CommandLimits, CommandReader, type ReplicatedCommand } from './command-reader.ts';
import { FormatError } from './format-error.ts';

/** What a primary sent. */
export type LinkItem =
  /** An answer to the handshake: `OK`, `PONG`. */
  | { kind: 'reply'; text: string }
  /** An error, with its code: `NOAUTH …`, `NOMASTERLINK …`, `LOADING …`. */
  | { kind: 'refusal'; text: string }
  /** The dump of this history at this offset follows, then the stream from the offset on. */
  | { kind: 'full-resync'; id: string; offset: number }
  /** The stream follows, from the offset that was asked for. The id is there where the history has a new one. */
  | { kind: 'continue'; id?: string }
  /** The size is there unless the dump is sent while it is written. */
  | { kind: 'dump-begins'; size?: number }
  /** A slice of the chunk. */
  | { kind: 'dump-bytes'; bytes: Buffer }
  | { kind: 'dump-ends' }
  | ReplicatedCommand;

const LF = 10;
const CR = 13;
/** An engine's PROTO_INLINE_MAX_SIZE. */
const LONGEST_LINE = 64 * 1024;
const MARK_BYTES = 40;
const FULL_RESYNC = /^FULLRESYNC ([0-9a-zA-Z]{40}) (\d{1,16})$/;
const CONTINUE = /^CONTINUE(?: ([0-9a-zA-Z]{40}))?$/;
const NOTHING: Buffer = Buffer.alloc(0);

/** Reads a link: `push` a chunk, then call `next` until it returns `undefined`. Throws a FormatError. */
export class LinkReader {
  readonly #limits: CommandLimits | undefined;
  #phase: 'replies' | 'announcement' | 'sized' | 'marked' = 'replies';
  #chunk = NOTHING;
  /** The beginning of a line, or of what may be the mark, that the last chunk had at its end. */
  #held = NOTHING;
  #offset: number;
  #left = 0;
  #mark = NOTHING;
  #commands: CommandReader | undefined;

  /** @param offset The stream's offset that PSYNC asks to continue after: what was read of it. */
  constructor(offset = 0, limits?: CommandLimits) {
    this.#offset = offset;
    this.#limits = limits;
  }

  /** The stream's offset after all that was read. */
  get offset(): number {
    return this.#commands?.offset ?? this.#offset;
  }

  push(chunk: Buffer): void {
    if (this.#commands) this.#commands.push(chunk);
    else this.#chunk = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = NOTHING;
  }

  /** Takes the bytes that follow `continue` or `dump-ends`, for those who store the stream instead of reading it. */
  rest(): Buffer {
    return this.#commands?.rest() ?? NOTHING;
  }

  /** The next item; `undefined` when the chunk has no more whole ones. */
  next(): LinkItem | undefined {
    if (this.#commands) return this.#commands.next();
    switch (this.#phase) {
      case 'replies':
        return this.#reply();
      case 'announcement':
        return this.#announcement();
      case 'sized':
        return this.#sized();
      default:
        return this.#marked();
    }
  }

  #reply(): LinkItem | undefined {
    const line = this.#line();
    if (line === undefined) return undefined;
    const text = line.slice(1);
    if (line.startsWith('-')) return { kind: 'refusal', text };
    if (!line.startsWith('+')) throw malformed('an answer', line);
    const full = FULL_RESYNC.exec(text);
    if (full) {
      this.#offset = Number(full[2]);
      this.#phase = 'announcement';
      return { kind: 'full-resync', id: full[1] as string, offset: this.#offset };
    }
    const continued = CONTINUE.exec(text);
    if (continued) {
      this.#follow();
      return { kind: 'continue', ...(continued[1] !== undefined && { id: continued[1] }) };
    }
    return { kind: 'reply', text };
  }

  #announcement(): LinkItem | undefined {
    const line = this.#line();
    if (line === undefined) return undefined;
    if (line.startsWith('-')) return { kind: 'refusal', text: line.slice(1) };
    if (/^\$EOF:.{40}$/s.test(line)) {
      this.#mark = Buffer.from(line.slice('$EOF:'.length), 'latin1');
      this.#phase = 'marked';
      return { kind: 'dump-begins' };
    }
    if (!/^\$\d{1,15}$/.test(line)) throw malformed('the size of a dump', line);
    this.#left = Number(line.slice(1));
    this.#phase = 'sized';
    return { kind: 'dump-begins', size: this.#left };
  }

  #sized(): LinkItem | undefined {
    if (this.#left === 0) return this.#ended();
    return this.#dumpBytes(Math.min(this.#left, this.#chunk.length));
  }

  /** The mark ends the dump. What may be its beginning is held until the next chunk. */
  #marked(): LinkItem | undefined {
    const at = this.#chunk.indexOf(this.#mark);
    if (at === 0) {
      this.#chunk = this.#chunk.subarray(MARK_BYTES);
      return this.#ended();
    }
    if (at > 0) return this.#dumpBytes(at);
    const item = this.#dumpBytes(this.#chunk.length - (MARK_BYTES - 1));
    if (!item) this.#hold();
    return item;
  }

  #dumpBytes(bytes: number): LinkItem | undefined {
    if (bytes <= 0) return undefined;
    const slice = this.#chunk.subarray(0, bytes);
    this.#chunk = this.#chunk.subarray(bytes);
    this.#left -= bytes;
    return { kind: 'dump-bytes', bytes: slice };
  }

  #ended(): LinkItem {
    this.#follow();
    return { kind: 'dump-ends' };
  }

  #follow(): void {
    this.#commands = new CommandReader(this.#offset, this.#limits);
    this.#commands.push(this.#chunk);
    this.#chunk = NOTHING;
  }

  /** The next line that is not empty: a primary sends line ends while it is writing a dump. */
  #line(): string | undefined {
    while (this.#chunk.length > 0) {
      const at = this.#chunk.indexOf(LF);
      if (at > LONGEST_LINE || (at < 0 && this.#chunk.length > LONGEST_LINE)) {
        throw new FormatError('too-large', `A line has more than ${LONGEST_LINE} bytes.`);
      }
      if (at < 0) break;
      const end = at > 0 && this.#chunk[at - 1] === CR ? at - 1 : at;
      const line = this.#chunk.toString('latin1', 0, end);
      this.#chunk = this.#chunk.subarray(at + 1);
      if (line !== '') return line;
    }
    this.#hold();
    return undefined;
  }

  #hold(): void {
    this.#held = Buffer.from(this.#chunk);
    this.#chunk = NOTHING;
  }
}

function malformed(expected: string, line: string): FormatError {
  return new FormatError(
    'malformed',
    `The primary sent ${JSON.stringify(line.slice(0, 80))} where ${expected} should be.`,
  );
}
