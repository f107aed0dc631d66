// The file of the log: bounded by setting it aside when it has grown, a few of those kept. Written at once, line by line,
// so that nothing is lost with the process; what cannot be written is lost, and nothing else.

import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface LogFileOptions {
  /** Of one file, in bytes. */
  mostBytes: number;
  /** Files that were set aside, `FILE.1` the youngest of them. */
  mostKept: number;
}

/** Together 64 MiB. */
const DEFAULTS: LogFileOptions = { mostBytes: 16 * 1024 * 1024, mostKept: 3 };
/** A longer line is replaced by one that has its beginning. */
const MOST_LINE_CHARACTERS = 64 * 1024;
const SHOWN_CHARACTERS = 1024;

export class LogFile {
  readonly #path: string;
  readonly #options: LogFileOptions;
  #descriptor: number | undefined;
  #bytes = 0;
  #endsAmidLine = false;

  /** Throws when it cannot be opened. */
  constructor(path: string, options: Partial<LogFileOptions> = {}) {
    this.#path = path;
    this.#options = { ...DEFAULTS, ...options };
    mkdirSync(dirname(path), { recursive: true });
    this.#open();
  }

  /** One line, with its end. Never throws. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(line.length > MOST_LINE_CHARACTERS ? shortened(line) : line);
      if (this.#isFullFor(bytes)) this.#setAside();
      // It could not be set aside.
      if (this.#isFullFor(bytes)) return;
      this.#append(this.#endsAmidLine ? Buffer.concat([LINE_END, bytes]) : bytes);
    } catch {
      // A full disk costs entries of the log; the program goes on.
    }
  }

  #isFullFor(bytes: Buffer): boolean {
    return this.#bytes > 0 && this.#bytes + bytes.length > this.#options.mostBytes;
  }

  #open(): void {
    this.#descriptor = openSync(this.#path, 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  #append(bytes: Buffer): void {
    if (this.#descriptor === undefined) this.#open();
    for (let written = 0; written < bytes.length; ) {
      const length = writeSync(this.#descriptor!, bytes, written);
      written += length;
      this.#bytes += length;
      this.#endsAmidLine = written < bytes.length;
    }
  }

  /** Each file moves at once, so that a process that ends in between has lost none but the oldest. */
  #setAside(): void {
    const { mostKept } = this.#options;
    for (let number = mostKept; number >= 1; number--) {
      try {
        renameSync(number === 1 ? this.#path : `${this.#path}.${number - 1}`, `${this.#path}.${number}`);
      } catch {
        // There are not as many yet.
      }
    }
    const old = this.#descriptor;
    this.#descriptor = undefined;
    this.#endsAmidLine = false;
    if (old !== undefined) closeSync(old);
    this.#open();
  }
}

const LINE_END = Buffer.from('\n');

function shortened(line: string): string {
  const level = /"level":(\d+)/.exec(line.slice(0, SHOWN_CHARACTERS))?.[1] ?? 30;
  const time = new Date().toISOString();
  const begins = line.slice(0, SHOWN_CHARACTERS);
  return `${JSON.stringify({ level: Number(level), time, characters: line.length, begins, msg: 'a line was too long' })}\n`;
}
