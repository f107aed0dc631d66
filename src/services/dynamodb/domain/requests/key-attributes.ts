// What expressions may do with the attributes of keys; needs the table's keys. Pure.

import { filterOnKey, nestedKeyPath } from '../../faults/requests.ts';
import type { Condition } from '../condition.ts';
import type { KeySchema } from '../keys.ts';
import { attributesOf, nestedIn, type Path } from '../paths.ts';

/** The keys of a table and of its indexes. */
export interface TableKeys {
  key: KeySchema;
  indexes: readonly { key: KeySchema }[];
}

const namesOf = ({ hash, range }: KeySchema): string[] => (range ? [hash.name, range.name] : [hash.name]);

/** Throws ValidationException when a path goes on inside an attribute of a key, which is never a map or a list. */
export function checkKeysAreWhole({ key, indexes }: TableKeys, paths: readonly Path[]): void {
  const nested = new Set(nestedIn(paths));
  if (nested.size === 0) return;
  const own = namesOf(key).find((name) => nested.has(name));
  if (own !== undefined) throw nestedKeyPath('Key', own);
  const others = indexes.flatMap((index) => namesOf(index.key)).find((name) => nested.has(name));
  if (others !== undefined) throw nestedKeyPath('IndexKey', others);
}

/** Throws ValidationException when the filter of a query reads the key that is queried. */
export function checkFilterOfQuery(schema: KeySchema, filter: Condition, isLegacy: boolean): void {
  const read = new Set(attributesOf(filter.paths));
  const name = namesOf(schema).find((one) => read.has(one));
  if (name !== undefined) throw filterOnKey(isLegacy ? 'QueryFilter' : 'Filter Expression', name);
}
