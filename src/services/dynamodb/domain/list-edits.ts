// Changes of list elements during one update. AWS: indexes are those before the update, and elements that are set beyond
// the end of a list are appended in the order of their indexes. Pure.

import type { Value } from './values.ts';

interface Changes {
  removed: Set<number>;
  appended: { index: number; value: Value }[];
}

/** Collects removals and additions, and makes them at the end. */
export class ListEdits {
  readonly #changes = new Map<Value[], Changes>();

  set(list: Value[], index: number, value: Value): void {
    if (index < list.length) list[index] = value;
    else this.#of(list).appended.push({ index, value });
  }

  remove(list: Value[], index: number): void {
    if (index < list.length) this.#of(list).removed.add(index);
  }

  /** Changes the lists in place. */
  finish(): void {
    for (const [list, { removed, appended }] of this.#changes) {
      const kept = list.filter((_, index) => !removed.has(index));
      appended.sort((one, other) => one.index - other.index);
      list.length = 0;
      for (const value of kept) list.push(value);
      for (const { value } of appended) list.push(value);
    }
  }

  #of(list: Value[]): Changes {
    let changes = this.#changes.get(list);
    if (!changes) this.#changes.set(list, (changes = { removed: new Set(), appended: [] }));
    return changes;
  }
}
