// The units that wait for their next attempt, in the order of their times. No I/O and no time.

import type { Unit } from './lanes.ts';

/** Units by the time at which they are due. */
export class Retries {
  readonly #units: Unit[] = [];

  get isEmpty(): boolean {
    return this.#units.length === 0;
  }

  /** When the first one is due that may start; infinite when there is none. */
  firstAt(mayStart: (unit: Unit) => boolean): number {
    return this.#units.find(mayStart)?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  add(unit: Unit): void {
    let [low, high] = [0, this.#units.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#units[middle]!.dueAt <= unit.dueAt) low = middle + 1;
      else high = middle;
    }
    this.#units.splice(low, 0, unit);
  }

  /** Removes and returns the first unit that is due and may start. */
  takeDue(now: number, mayStart: (unit: Unit) => boolean): Unit | undefined {
    for (let at = 0; at < this.#units.length && this.#units[at]!.dueAt <= now; at++) {
      if (mayStart(this.#units[at]!)) return this.#units.splice(at, 1)[0];
    }
    return undefined;
  }

  /** All are due now: what made them fail has passed. */
  hasten(now: number): void {
    for (const unit of this.#units) unit.dueAt = Math.min(unit.dueAt, now);
  }
}
