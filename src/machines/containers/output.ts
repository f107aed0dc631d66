// Reads what a container printed from the files in which it is kept, and follows them until the container has ended. What
// was taken is deleted; what was read but not taken is read again by the next reader.

import { closeSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { OutputLine } from './containers.ts';
import { FILES } from './scripts.ts';

/** A place in the output: a file by its number, and a byte in it. */
interface Position {
  chunk: number;
  offset: number;
}

const READ_BYTES = 64 * 1024;
/** AWS: an event of CloudWatch Logs has at most 256 KiB with its overhead of 26 bytes. A longer line is cut. */
const MOST_LINE_BYTES = 262_144 - 26;
const NAME = /^\d{6}$/;

/** `directory` is the container's own. `ended` resolves when nothing more will be written. */
export async function* followOutput(
  directory: string,
  ended: Promise<unknown>,
): AsyncGenerator<{ lines: readonly OutputLine[]; taken(): void }> {
  const chunks = join(directory, FILES.output);
  const changes = watchDirectory(chunks);
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
    changes.notify();
  });
  try {
    const reader = new OutputReader(directory, chunks);
    for (;;) {
      // Read before the files: whatever is written before the end is found by the look after it.
      const isLast = hasEnded;
      const lines = reader.read() ?? (isLast ? reader.rest() : undefined);
      if (lines) {
        if (lines.length > 0) yield { lines, taken: reader.taker() };
        continue;
      }
      if (isLast) return;
      await changes.next();
    }
  } finally {
    changes.close();
  }
}

/** Bytes become lines. */
class OutputReader {
  readonly #directory: string;
  readonly #chunks: string;
  #at: Position;
  /** The beginning of a line whose end was not read yet. */
  #begun: Buffer[] = [];
  #begunBytes = 0;
  /** Behind the last complete line. */
  #complete: Position;
  #lastAt = 0;

  constructor(directory: string, chunks: string) {
    this.#directory = directory;
    this.#chunks = chunks;
    this.#at = readTaken(directory);
    this.#complete = this.#at;
  }

  /** The lines of the next bytes, which may be none; `undefined` when there are no more bytes for now. */
  read(): OutputLine[] | undefined {
    const next = this.#nextBytes();
    if (!next) return undefined;
    const { bytes, at } = next;
    this.#lastAt = at;
    const lines: OutputLine[] = [];
    let from = 0;
    const start = this.#at.offset - bytes.length;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      lines.push(...this.#line(bytes.subarray(from, end), at));
      from = end + 1;
      this.#complete = { chunk: this.#at.chunk, offset: start + from };
    }
    if (from < bytes.length) {
      this.#begun.push(bytes.subarray(from));
      this.#begunBytes += bytes.length - from;
    }
    if (this.#begunBytes > MOST_LINE_BYTES) {
      lines.push(...this.#line(Buffer.alloc(0), at));
      this.#complete = this.#at;
    }
    return lines;
  }

  /** The last line, which has no end; `undefined` when there is none. */
  rest(): OutputLine[] | undefined {
    if (this.#begunBytes === 0) return undefined;
    this.#complete = this.#at;
    return this.#line(Buffer.alloc(0), this.#lastAt);
  }

  /** Records that everything read so far was taken, up to the last complete line. */
  taker(): () => void {
    const { chunk, offset } = this.#complete;
    return () => {
      try {
        replaceFile(join(this.#directory, FILES.taken), `${chunk} ${offset}`);
        for (const number of numbersIn(this.#chunks)) {
          if (number < chunk) rmSync(join(this.#chunks, nameOf(number)), { force: true });
        }
      } catch {
        // The container's files were removed meanwhile.
      }
    };
  }

  #line(last: Buffer, at: number): OutputLine[] {
    const bytes = this.#begunBytes === 0 ? last : Buffer.concat([...this.#begun, last]);
    this.#begun = [];
    this.#begunBytes = 0;
    const lines: OutputLine[] = [];
    for (let from = 0; from === 0 || from < bytes.length; from += MOST_LINE_BYTES) {
      lines.push({ at, text: bytes.toString('utf8', from, Math.min(bytes.length, from + MOST_LINE_BYTES)) });
    }
    return lines;
  }

  #nextBytes(): { bytes: Buffer; at: number } | undefined {
    for (;;) {
      const numbers = numbersIn(this.#chunks);
      const next = numbers.find((number) => number >= this.#at.chunk);
      if (next === undefined) return undefined;
      if (next > this.#at.chunk) this.#at = { chunk: next, offset: 0 };
      const found = this.#readChunk();
      if (found) return found;
      const later = numbers.find((number) => number > this.#at.chunk);
      if (later === undefined) return undefined;
      // A later file was begun after this one was complete; read what came since the look above.
      const last = this.#readChunk();
      if (last) return last;
      this.#at = { chunk: later, offset: 0 };
    }
  }

  #readChunk(): { bytes: Buffer; at: number } | undefined {
    const file = join(this.#chunks, nameOf(this.#at.chunk));
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch {
      return undefined;
    }
    try {
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      const count = readSync(descriptor, buffer, 0, READ_BYTES, this.#at.offset);
      if (count === 0) return undefined;
      this.#at = { chunk: this.#at.chunk, offset: this.#at.offset + count };
      // Of bytes that were written just now, the file's time is theirs; of older ones it is not much later.
      const at = Math.min(Date.now(), Math.round(statSync(file).mtimeMs));
      return { bytes: buffer.subarray(0, count), at };
    } finally {
      closeSync(descriptor);
    }
  }
}

const nameOf = (chunk: number): string => String(chunk).padStart(6, '0');

function numbersIn(chunks: string): number[] {
  try {
    return readdirSync(chunks)
      .filter((name) => NAME.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function readTaken(directory: string): Position {
  try {
    const [chunk = 0, offset = 0] = readFileSync(join(directory, FILES.taken), 'latin1')
      .split(' ')
      .map(Number);
    return Number.isSafeInteger(chunk) && Number.isSafeInteger(offset)
      ? { chunk, offset }
      : { chunk: 0, offset: 0 };
  } catch {
    return { chunk: 0, offset: 0 };
  }
}

/** Changes of a directory since the last `next`. */
function watchDirectory(directory: string) {
  let isDirty = false;
  let wake = () => {};
  const notify = () => {
    isDirty = true;
    wake();
  };
  // Not `persistent`: Millpond's end does not wait for containers.
  const watcher = watch(directory, { persistent: false }, notify);
  watcher.on('error', notify);
  return {
    notify,
    async next() {
      if (!isDirty) await new Promise<void>((resolve) => (wake = resolve));
      isDirty = false;
    },
    close: () => watcher.close(),
  };
}
