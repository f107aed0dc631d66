// The log file and its rotation: a full file is renamed, and a few old files are kept. Each line is written
// synchronously, so that a crash loses no line. A line that cannot be written is dropped.

import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The bounds of a log file. */
export interface LogFileOptions {
  /** The most bytes of one file. */
  mostBytes: number;
  /** How many old files are kept; `FILE.1` is the newest of them. */
  mostKept: number;
}

/** 64 MiB in all. */
const DEFAULTS: LogFileOptions = { mostBytes: 16 * 1024 * 1024, mostKept: 3 };
/** A longer line is replaced by an entry that shows its beginning. */
const MOST_LINE_CHARACTERS = 64 * 1024;
const SHOWN_CHARACTERS = 1024;

/** A rotating file of lines. */
export class LogFile {
  readonly #path: string;
  readonly #options: LogFileOptions;
  #descriptor: number | undefined;
  #bytes = 0;
  #endsAmidLine = false;

  /** Throws the system's error when the file cannot be opened. */
  constructor(path: string, options: Partial<LogFileOptions> = {}) {
    this.#path = path;
    this.#options = { ...DEFAULTS, ...options };
    mkdirSync(dirname(path), { recursive: true });
    this.#open();
  }

  /** Writes one line, given with its line end. Never throws. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(line.length > MOST_LINE_CHARACTERS ? shortened(line) : line);
      if (this.#isFullFor(bytes)) this.#setAside();
      // The rename failed.
      if (this.#isFullFor(bytes)) return;
      this.#append(this.#endsAmidLine ? Buffer.concat([LINE_END, bytes]) : bytes);
    } catch {
      // A full disk must not stop the program.
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

  /** Renames the oldest first, so that a crash in between loses at most the oldest file. */
  #setAside(): void {
    const { mostKept } = this.#options;
    for (let number = mostKept; number >= 1; number--) {
      try {
        renameSync(number === 1 ? this.#path : `${this.#path}.${number - 1}`, `${this.#path}.${number}`);
      } catch {
        // There are fewer old files so far.
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
