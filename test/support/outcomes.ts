// The outcomes of random requests by operation. An operation that refuses every input shows here, even though no single
// refusal is wrong.

import assert from 'node:assert/strict';

/** Counts accepted and refused requests. */
export class Outcomes {
  readonly #answered = new Map<string, number>();
  /** Error codes of refusals, with counts, by operation. */
  readonly #refused = new Map<string, Map<string, number>>();

  answered(operation: string): void {
    this.#answered.set(operation, (this.#answered.get(operation) ?? 0) + 1);
  }

  refused(operation: string, code: string): void {
    const codes = this.#refused.get(operation) ?? new Map<string, number>();
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.#refused.set(operation, codes);
  }

  /** Operations that refused every request so far, except those in `reasons`. */
  onlyRefused(reasons: Readonly<Record<string, string>> = {}): string[] {
    return [...this.#refused.keys()].filter(
      (operation) => !this.#answered.has(operation) && !Object.hasOwn(reasons, operation),
    );
  }

  /** Fails for an operation that refused every request, and shows the codes, unless `reasons` explains it. */
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
