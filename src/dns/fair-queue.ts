// A fair queue of DNS queries. While the event loop has time, a query is answered at once. In a flood the senders are
// served round-robin, excess queries of one sender are dropped, and the event loop keeps turning.

import { isTurnSpent } from '../kernel/turn.ts';

/** The most waiting queries of one sender. A resolver that starts asks for a few dozen names. */
const MOST_OF_ONE = 128;
const MOST = 2_048;
/** The time for queries in one turn of the event loop. */
const BUDGET_MS = 4;

/** Serves queries in turn, one per sender. */
export class FairQueue {
  /** Waiting queries by sender; the first sender is served next. */
  readonly #senders = new Map<string, (() => void)[]>();
  #count = 0;
  /** How many queries were dropped. */
  dropped = 0;

  /** Runs `answer` now or later; returns false when the query is dropped. `answer` must not throw. */
  push(sender: string, answer: () => void): boolean {
    if (this.#count === 0 && !isTurnSpent()) {
      answer();
      return true;
    }
    const waiting = this.#senders.get(sender);
    if (this.#count >= MOST || (waiting && waiting.length >= MOST_OF_ONE)) {
      this.dropped++;
      return false;
    }
    if (waiting) waiting.push(answer);
    else this.#senders.set(sender, [answer]);
    if (this.#count++ === 0) setImmediate(this.#serve);
    return true;
  }

  readonly #serve = (): void => {
    const end = performance.now() + BUDGET_MS;
    while (this.#count > 0 && performance.now() < end) this.#serveNext();
    if (this.#count > 0) setImmediate(this.#serve);
  };

  #serveNext(): void {
    const [sender, waiting] = this.#senders.entries().next().value!;
    const answer = waiting.shift()!;
    this.#count--;
    this.#senders.delete(sender);
    if (waiting.length > 0) this.#senders.set(sender, waiting);
    answer();
  }
}
