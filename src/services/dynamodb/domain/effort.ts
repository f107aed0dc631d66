// A bound for the work of one evaluation, so that no expression holds the event loop for long. Pure.

import { tooMuchWork } from '../faults/expressions.ts';

/** About 40 ms of the slowest searches: twenty through the largest item. */
const MOST = 8_000_000;

/** Counts the work of one evaluation, in characters that are searched. */
export class Effort {
  #left = MOST;

  /** Starts over, for the next evaluation. */
  begin(): void {
    this.#left = MOST;
  }

  /** Throws ValidationException when the evaluation has done too much. */
  spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) throw tooMuchWork();
  }
}
