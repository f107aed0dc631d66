// The keys that were reported and whose state was not read yet. Notifications of one key and event are one. Pure.

/** What was reported of a key. */
export interface PendingKey {
  key: Buffer;
  /** In the order in which each was reported last. */
  events: string[];
  /** When the first of them was reported: milliseconds since the epoch. */
  at: number;
}

/** A bound on what waits: beyond it notifications are dropped, and counted. */
export interface PendingBounds {
  keys: number;
  bytes: number;
}

/** The memory that an entry takes besides its key, about. */
const ENTRY_BYTES = 200;
/** Engines have fewer that follow each other for one key; anyone may publish others. The oldest are forgotten. */
const MOST_EVENTS = 16;

/** Keys in the order of their first report. */
export class PendingKeys {
  readonly #bounds: PendingBounds;
  readonly #keys = new Map<string, PendingKey>();
  #bytes = 0;
  /** Notifications that found no room. */
  dropped = 0;

  constructor(bounds: PendingBounds) {
    this.#bounds = bounds;
  }

  /** Returns false when there is no room. */
  add(key: Buffer, event: string, at: number): boolean {
    const name = key.toString('latin1');
    const known = this.#keys.get(name);
    if (known) {
      const index = known.events.indexOf(event);
      if (index >= 0) known.events.splice(index, 1);
      else if (known.events.length === MOST_EVENTS) known.events.shift();
      known.events.push(event);
      return true;
    }
    const bytes = key.length + ENTRY_BYTES;
    if (this.#keys.size >= this.#bounds.keys || this.#bytes + bytes > this.#bounds.bytes) {
      this.dropped++;
      return false;
    }
    this.#keys.set(name, { key, events: [event], at });
    this.#bytes += bytes;
    return true;
  }

  /** Removes the oldest. */
  take(most: number): PendingKey[] {
    const taken: PendingKey[] = [];
    for (const [name, pending] of this.#keys) {
      if (taken.length === most) break;
      this.#keys.delete(name);
      this.#bytes -= pending.key.length + ENTRY_BYTES;
      taken.push(pending);
    }
    return taken;
  }

  /** Puts back what could not be read; what was reported since comes after it. It had room, so it has room. */
  giveBack(keys: readonly PendingKey[]): void {
    for (const { key, events, at } of keys) {
      const name = key.toString('latin1');
      const since = this.#keys.get(name);
      if (since) {
        const earlier = events.filter((event) => !since.events.includes(event));
        since.events = [...earlier, ...since.events].slice(-MOST_EVENTS);
        since.at = at;
      } else {
        this.#keys.set(name, { key, events, at });
        this.#bytes += key.length + ENTRY_BYTES;
      }
    }
  }

  get size(): number {
    return this.#keys.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldestAt(): number | undefined {
    return this.#keys.values().next().value?.at;
  }
}
