// What a consumer has received of one stream and not acknowledged, and what it has acknowledged without telling the
// engine yet. Pure.

/** The entries of one consumer of one stream, by id. */
export class Received {
  /** When each was received. */
  readonly #held = new Map<string, { at: number; bytes: number }>();
  readonly #done = new Set<string>();
  readonly #settled = new Set<string>();

  /** Whether it is in delivery, or delivered: reading it again must not deliver it twice. */
  has(id: string): boolean {
    return this.#held.has(id) || this.#done.has(id) || this.#settled.has(id);
  }

  add(id: string, at: number, bytes: number): void {
    this.#held.set(id, { at, bytes });
  }

  /** It was delivered or given up. */
  acknowledge(id: string): void {
    this.#held.delete(id);
    this.#done.add(id);
  }

  /** The engine knows. The reply to an earlier read may still have them. */
  settle(ids: readonly string[]): void {
    for (const id of ids) {
      this.#done.delete(id);
      this.#settled.add(id);
    }
  }

  /** A read begins, and none is under way. */
  beginRead(): void {
    this.#settled.clear();
  }

  get held(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Acknowledged ones that the engine does not know of, at most `most`. */
  unsettled(most: number): string[] {
    const ids: string[] = [];
    for (const id of this.#done) {
      if (ids.length === most) break;
      ids.push(id);
    }
    return ids;
  }

  get unsettledCount(): number {
    return this.#done.size;
  }

  get changes(): number {
    return this.#held.size;
  }

  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#held.values()) sum += bytes;
    return sum;
  }

  /** They are in the order in which they came. */
  get oldestAt(): number | undefined {
    return this.#held.values().next().value?.at;
  }
}
