// `sort`, `limit` and `dedup`: keeps the first rows of an order, with the values that later commands and the answer
// need. Values are read when a batch ends, of the rows that are still kept.

import { ownText } from '../segments/own-text.ts';
import type { Read } from './language/compile.ts';
import { type QueryMemory, sizeOf } from './language/query-memory.ts';
import { compareValues, ownValue, textOf, type Value } from './language/values.ts';

/** One key of an order. */
export interface OrderKey {
  read: Read;
  isDescending: boolean;
}

interface Candidate {
  keys: Value[];
  row: number;
  /** Smaller for rows that came earlier. */
  ordinal: number;
  values?: Value[];
  /** What the kept values take. */
  bytes: number;
}

/** The bytes of a kept row besides its values, and more with `dedup`. */
const KEPT_ROW = 200;
const UNIQUE_ROW = 80;

/** Rows are sorted and cut when there are this many more than are kept. */
const SLACK = 1_000;

/** Keeps at most `limit` rows. */
export class Ordering {
  readonly #order: readonly OrderKey[];
  readonly #limit: number;
  readonly #columns: readonly Read[];
  readonly #unique: readonly Read[] | undefined;
  readonly #memory: QueryMemory;
  /** With `dedup`: the best row of each key. */
  readonly #best = new Map<string, Candidate>();
  #kept: Candidate[] = [];
  #bound: Candidate | undefined;
  #ordinal = 0;

  constructor(options: {
    order: readonly OrderKey[];
    limit: number;
    columns: readonly Read[];
    /** The fields of `dedup`. */
    unique?: readonly Read[] | undefined;
    memory: QueryMemory;
  }) {
    this.#order = options.order;
    this.#limit = options.limit;
    this.#columns = options.columns;
    this.#unique = options.unique;
    this.#memory = options.memory;
  }

  add(row: number): void {
    const keys: Value[] = [];
    for (const { read } of this.#order) keys.push(read(row));
    const candidate: Candidate = { keys, row, ordinal: this.#ordinal++, bytes: 0 };
    if (this.#bound && this.#compare(candidate, this.#bound) >= 0) return;
    if (this.#unique) {
      this.#addUnique(candidate, this.#unique);
      return;
    }
    this.#kept.push(candidate);
    if (this.#kept.length > 2 * this.#limit + SLACK) this.#cut();
  }

  /** AWS: rows without one of the fields are all kept. */
  #addUnique(candidate: Candidate, unique: readonly Read[]): void {
    const values = unique.map((read) => read(candidate.row));
    const key = values.includes(undefined) ? `\u0001${candidate.ordinal}` : values.map(textOf).join('\u0000');
    const best = this.#best.get(key);
    if (best && this.#compare(candidate, best) >= 0) return;
    if (best) this.#memory.free(best.bytes);
    else this.#memory.take(UNIQUE_ROW + sizeOf(key));
    this.#best.set(best ? key : ownText(key), candidate);
  }

  /** The rows of the batch become invalid. */
  flush(): void {
    if (!this.#unique) this.#cut();
    for (const candidate of this.#unique ? this.#best.values() : this.#kept) {
      if (candidate.values) continue;
      candidate.values = this.#columns.map((read) => ownValue(read(candidate.row)));
      candidate.keys = candidate.keys.map(ownValue);
      candidate.bytes = [...candidate.values, ...candidate.keys].reduce<number>(
        (sum, value) => sum + sizeOf(value),
        KEPT_ROW,
      );
      this.#memory.take(candidate.bytes);
    }
  }

  rows(): Value[][] {
    if (this.#unique) this.#kept = [...this.#best.values()];
    this.#cut();
    return this.#kept.map(({ values }) => values!);
  }

  #cut(): void {
    this.#kept.sort((a, b) => this.#compare(a, b));
    for (let index = this.#limit; index < this.#kept.length; index++)
      this.#memory.free(this.#kept[index]!.bytes);
    this.#kept.length = Math.min(this.#kept.length, this.#limit);
    if (!this.#unique && this.#kept.length === this.#limit) this.#bound = this.#kept.at(-1);
  }

  #compare(a: Candidate, b: Candidate): number {
    for (let index = 0; index < this.#order.length; index++) {
      const order = compareValues(a.keys[index], b.keys[index]);
      if (order !== 0) return this.#order[index]!.isDescending ? -order : order;
    }
    return a.ordinal - b.ordinal;
  }
}
