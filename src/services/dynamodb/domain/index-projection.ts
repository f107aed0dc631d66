// What secondary indexes contain of an item. Pure.

import { allAttributesOfIndex, notProjected } from '../faults/requests.ts';
import type { KeySchema } from './keys.ts';
import { attributeOf, type Item, setAttribute } from './values.ts';

/** A projection as an index declares it. */
export interface DeclaredProjection {
  type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** Of INCLUDE. */
  attributes?: readonly string[] | undefined;
}

/** The attributes of an item that an index contains. */
export class IndexProjection {
  /** Absent when they are all. */
  readonly names: ReadonlySet<string> | undefined;

  /** An index also contains its own key and that of its table. */
  constructor({ type, attributes = [] }: DeclaredProjection, keys: readonly KeySchema[]) {
    if (type === 'ALL') return;
    const ofKeys = keys.flatMap(({ hash, range }) => (range ? [hash.name, range.name] : [hash.name]));
    this.names = new Set([...ofKeys, ...(type === 'INCLUDE' ? attributes : [])]);
  }

  /** Whether an item is in an index with this key: it is when it has all attributes of the key. */
  static isIn({ hash, range }: KeySchema, item: Item): boolean {
    return Object.hasOwn(item, hash.name) && (!range || Object.hasOwn(item, range.name));
  }

  /** What the index contains of the item. */
  of(item: Item): Item {
    if (!this.names) return item;
    const projected: Item = {};
    for (const name of this.names) {
      const value = attributeOf(item, name);
      if (value !== undefined) setAttribute(projected, name, value);
    }
    return projected;
  }

  /** The attributes that the index does not contain. */
  lacks(names: readonly string[]): string[] {
    return names.filter((name) => this.names && !this.names.has(name));
  }

  /**
   * Checks what is read of a global index: AWS does not fetch the rest from the table, as it does for local ones.
   * `names` are the attributes that the request wants. Throws ValidationException.
   */
  checkGlobalRead(index: string, select: string | undefined, names: readonly string[]): void {
    if (select === 'ALL_ATTRIBUTES' && this.names) throw allAttributesOfIndex(index);
    const missing = this.lacks(names);
    if (missing.length > 0) throw notProjected(index, missing);
  }
}
