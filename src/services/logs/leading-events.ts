// Those of many events that an answer begins with: kept in order while they come in none, and bounded.

/** AWS: what an answer holds of messages. */
const MOST_BYTES = 1_048_576;
/** Sorting is worth it from so many on. */
const LEAST_SORTED = 1_000;

export class LeadingEvents<T extends { message: string }> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #found: T[] = [];
  #bytes = 0;

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(event: T): void {
    this.#found.push(event);
    this.#bytes += event.message.length;
    const most = Math.max(2 * this.#limit, LEAST_SORTED);
    if (this.#found.length > most || this.#bytes > 4 * MOST_BYTES) this.#cut();
  }

  /** Up to the limit and a megabyte, and at least one; and whether there are more. */
  take(): { events: T[]; hasMore: boolean } {
    this.#cut();
    const count = this.#fitting();
    return { events: this.#found.slice(0, count), hasMore: this.#found.length > count };
  }

  /** One more than fits stays, to tell that there are more. */
  #cut(): void {
    this.#found.sort(this.#compare);
    this.#found.length = Math.min(this.#found.length, this.#fitting() + 1);
    this.#bytes = this.#found.reduce((sum, { message }) => sum + message.length, 0);
  }

  #fitting(): number {
    let bytes = 0;
    let count = 0;
    for (const { message } of this.#found) {
      bytes += Buffer.byteLength(message);
      if (count >= this.#limit || (bytes > MOST_BYTES && count > 0)) break;
      count += 1;
    }
    return count;
  }
}
