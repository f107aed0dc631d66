// What became of requests that tests made up, by operation: one that refuses whatever it is asked shows here, though no
// single answer of it is wrong.

import assert from 'node:assert/strict';

export class Outcomes {
  readonly #answered = new Map<string, number>();
  /** The codes of the refusals, by operation and how often. */
  readonly #refused = new Map<string, Map<string, number>>();

  answered(operation: string): void {
    this.#answered.set(operation, (this.#answered.get(operation) ?? 0) + 1);
  }

  refused(operation: string, code: string): void {
    const codes = this.#refused.get(operation) ?? new Map<string, number>();
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.#refused.set(operation, codes);
  }

  /** What was only ever refused so far, but for those that `reasons` names. */
  onlyRefused(reasons: Readonly<Record<string, string>> = {}): string[] {
    return [...this.#refused.keys()].filter(
      (operation) => !this.#answered.has(operation) && !Object.hasOwn(reasons, operation),
    );
  }

  /** Fails for an operation that was only ever refused, with the codes, unless `reasons` says why that may be. */
  assertAnswered(reasons: Readonly<Record<string, string>> = {}): void {
    const codesOf = (operation: string) => [...this.#refused.get(operation)!].flat().join(' ');
    assert.deepEqual(
      this.onlyRefused(reasons)
        .map((operation) => `${operation}: ${codesOf(operation)}`)
        .sort(),
      [],
      'refused whatever they were asked',
    );
    const unknown = Object.keys(reasons).filter((operation) => !this.#refused.has(operation));
    assert.deepEqual(unknown, [], 'listed, and never asked for');
  }
}
