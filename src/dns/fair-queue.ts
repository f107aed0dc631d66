// Queries that wait for their turn. As long as the event loop has time they do not; in a flood every sender gets one
// answered after the other, what is too much of one is dropped, and the loop turns in between.

import { isTurnSpent } from '../kernel/turn.ts';

/** Of one sender: a resolver that starts has a few dozen names to ask for. */
const MOST_OF_ONE = 128;
const MOST = 2_048;
/** In one turn of the event loop. */
const BUDGET_MS = 4;

export class FairQueue {
  /** The first is the next to be served. */
  readonly #senders = new Map<string, (() => void)[]>();
  #count = 0;
  /** How many queries were dropped. */
  dropped = 0;

  /** Does `answer` now or later; false when it is dropped. `answer` must not throw. */
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
