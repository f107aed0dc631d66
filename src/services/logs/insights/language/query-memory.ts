// The memory that one query may hold, as an estimate. A thread whose heap is full ends, and may end Millpond with it, so
// a query fails long before.

import { textOf, type Value } from './values.ts';

/** A query would hold more than it may. */
export class TooMuchMemory extends Error {
  override readonly name = 'TooMuchMemory';

  constructor() {
    super('A query needs too much memory. Filter first, or group by fewer different values.');
  }
}

/** Groups by a million different texts of 36 characters, with a count of each, take nine tenths of it. */
const MOST_BYTES = 160 * 1024 * 1024;

/** Counts what a query holds. Estimates are in bytes, and right within a factor of two. */
export class QueryMemory {
  #held = 0;
  readonly #most: number;

  /** In bytes. */
  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  /** Throws TooMuchMemory. */
  take(bytes: number): void {
    this.#held += bytes;
    if (this.#held > this.#most) throw new TooMuchMemory();
  }

  free(bytes: number): void {
    this.#held -= bytes;
  }
}

const TEXT_HEADER = 32;
/** A small list or map takes many times its text. */
const PER_CHARACTER_OF_JSON = 10;

/** The bytes of a value in a list. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return TEXT_HEADER + value.length;
  if (typeof value === 'object') return TEXT_HEADER + PER_CHARACTER_OF_JSON * textOf(value).length;
  return 16;
}
