// Selects the first events of a sort order from events that arrive in any order, with bounded memory.

/** AWS: the maximum of all messages of one response. */
const MOST_BYTES = 1_048_576;
/** Fewer events are not sorted and cut early. */
const LEAST_SORTED = 1_000;

/** Add the events in any order, then call `take`. `limit` is the maximum number of events. */
export class LeadingEvents<T extends { message: string }> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #found: T[] = [];
  #bytes = 0;
  #bound: T | undefined;

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** An event that does not fit: whatever comes after it in the order is not needed either. */
  get bound(): T | undefined {
    return this.#bound;
  }

  add(event: T): void {
    this.#found.push(event);
    this.#bytes += event.message.length;
    const most = Math.max(2 * this.#limit, LEAST_SORTED);
    if (this.#found.length > most || this.#bytes > 4 * MOST_BYTES) this.#cut();
  }

  /** The first events in order: at most `limit` and 1 MiB, and at least one if there is any. */
  take(): { events: T[]; hasMore: boolean } {
    this.#cut();
    const count = this.#fitting();
    return { events: this.#found.slice(0, count), hasMore: this.#found.length > count };
  }

  /** Keeps one event more than fits, so that `take` knows whether there are more. */
  #cut(): void {
    this.#found.sort(this.#compare);
    const fitting = this.#fitting();
    this.#found.length = Math.min(this.#found.length, fitting + 1);
    this.#bound = this.#found[fitting];
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
