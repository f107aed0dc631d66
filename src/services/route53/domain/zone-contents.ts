// The record sets of one hosted zone in memory, by name. A lookup also finds wildcards and names that only have names
// below them. records.ts applies committed changes.

import { isWithin, parentOf, WILDCARD } from './names.ts';
import { isSameSet, type RecordSet } from './record-set.ts';

/** The record sets of one hosted zone by name. */
export class ZoneContents {
  readonly name: string;
  readonly #sets = new Map<string, readonly RecordSet[]>();
  /** The number of names with record sets below each name. */
  readonly #below = new Map<string, number>();
  #count = 0;

  constructor(name: string) {
    this.name = name;
  }

  get count(): number {
    return this.#count;
  }

  setsAt(name: string): readonly RecordSet[] {
    return this.#sets.get(name) ?? [];
  }

  all(): RecordSet[] {
    return [...this.#sets.values()].flat();
  }

  put(set: RecordSet): void {
    const before = this.setsAt(set.name);
    const others = before.filter((other) => !isSameSet(other, set));
    if (before.length === 0) this.#countBelow(set.name, 1);
    this.#count += others.length + 1 - before.length;
    this.#sets.set(set.name, [...others, set]);
  }

  delete(set: RecordSet): void {
    const before = this.setsAt(set.name);
    const left = before.filter((other) => !isSameSet(other, set));
    this.#count += left.length - before.length;
    if (left.length > 0) this.#sets.set(set.name, left);
    else if (this.#sets.delete(set.name)) this.#countBelow(set.name, -1);
  }

  #countBelow(name: string, difference: number): void {
    for (let above = parentOf(name); isWithin(above, this.name); above = parentOf(above)) {
      const count = (this.#below.get(above) ?? 0) + difference;
      if (count > 0) this.#below.set(above, count);
      else this.#below.delete(above);
    }
  }

  /**
   * The record sets that answer for a name, a wildcard's included: empty if the name exists without records,
   * `undefined` if it does not exist.
   */
  find(name: string): readonly RecordSet[] | undefined {
    if (this.#exists(name)) return this.setsAt(name);
    for (let above = parentOf(name); isWithin(above, this.name); above = parentOf(above)) {
      const wild = this.#sets.get(`${WILDCARD}.${above}`);
      if (wild) return wild;
      // An existing name hides the wildcards above it.
      if (this.#exists(above)) return undefined;
    }
    return undefined;
  }

  #exists(name: string): boolean {
    return this.#sets.has(name) || this.#below.has(name) || name === this.name;
  }
}
