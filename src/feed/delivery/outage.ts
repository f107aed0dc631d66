// Whether a sink fails whatever it is given. New messages are then tried at intervals only, so that a sink that is gone is
// not called for each of them. No I/O and no time.

/** So many failed calls in a row may be the messages' fault. */
const FREE_FAILURES = 3;
const FIRST_MS = 50;
/** The longest time until a sink that came back is noticed. */
const LONGEST_MS = 1_000;
/** After so long, what failed meanwhile is tried again at once. */
const LONG_MS = 3_000;

/** Follows the calls of one sink. Times are milliseconds since the epoch. */
export class Outage {
  /** New messages may be tried from then on. */
  probeAt = 0;
  #failures = 0;
  #since = 0;

  /** A call failed for all of its messages. */
  failed(now: number): void {
    if (this.#failures === 0) this.#since = now;
    this.#failures += 1;
    this.tried(now);
  }

  /** A call of new messages begins; during an outage the next one waits. */
  tried(now: number): void {
    const beyond = this.#failures - FREE_FAILURES;
    if (beyond >= 0) this.probeAt = now + Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(beyond, 10));
  }

  /** How long it has lasted; 0 while it may be the messages' fault. */
  lastedMs(now: number): number {
    return this.#failures >= FREE_FAILURES ? now - this.#since : 0;
  }

  /** A call delivered something. Returns whether that ends a long outage. */
  ended(now: number): boolean {
    const wasLong = this.#failures > FREE_FAILURES && now - this.#since >= LONG_MS;
    this.#failures = 0;
    this.probeAt = 0;
    return wasLong;
  }
}
