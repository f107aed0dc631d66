// Records of one kind of AWS resource: reads and writes them by the name or id in requests, with AWS's errors for a
// missing record, a duplicate and an exceeded quota. Contains no rules of a single service.

import type { Indexes } from '../store/document-indexes.ts';
import type { Collection, Keyed, Range, Store } from '../store/store.ts';
import type { Scope } from './scope.ts';

/** Describes one kind of resource. The service's own functions create the errors. */
export interface RecordKind<T> {
  /** The name of its collection, e.g. `ssm/parameter`. */
  collection: string;
  /** The name or id that requests use. */
  idOf(record: T): string;
  /** The normal form of an id (letter case, slashes…); the id itself by default. */
  keyOf?(id: string): string;
  /** The account and region that own the record; those of the request by default. */
  placeOf?(scope: Scope): Scope;
  /** Further keys. They are compared exactly. */
  indexes?: Indexes<T>;
  notFound(id: string, scope: Scope): Error;
  exists?(id: string): Error;
  /** The most records in one account and region. */
  quota?: { most: number; exceeded(most: number): Error };
}

/** The records of one kind. */
export interface Records<T> {
  find(scope: Scope, id: string): T | undefined;
  /** The record with this id. Throws the kind's notFound. */
  existing(scope: Scope, id: string): T;
  /** Adds a record. Throws the kind's `exists` or quota error. Call it inside a transaction. */
  add(scope: Scope, record: T): void;
  /** Writes a record, and replaces one with the same id. */
  put(scope: Scope, record: T): void;
  /**
   * Writes the record that `change` returns or modified in place, and returns it. Throws notFound. Call it inside a
   * transaction.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a change may be made in place
  change(scope: Scope, id: string, change: (record: T) => T | void): T;
  /** Deletes a record if it exists. */
  remove(scope: Scope, id: string): void;
  /** The number of records whose keys begin with `prefix`. */
  count(scope: Scope, prefix?: string): number;
  /** Sorted by key, all in memory: for small ranges. A range is one of keys. */
  list(scope: Scope, range?: Range): T[];
  /** A range of any size, in batches; see Collection.batches. */
  batches(scope: Scope, range?: Range): ReturnType<Collection<T>['batches']>;
  /** The records with this index key. */
  by(scope: Scope, index: string, key: string, range?: Pick<Range, 'after' | 'limit'>): T[];
  countBy(scope: Scope, index: string, key: string): number;
  /** A range of index keys, sorted by key. */
  inOrderOf(scope: Scope, index: string, range?: Range): Keyed<T>[];
  /** The records with this index key in every account and region. */
  byAnywhere: Collection<T>['byAnywhere'];
  /** The records of every account and region, in batches. */
  everywhere(): ReturnType<Collection<T>['everywhere']>;
}

/** The place of a global resource (IAM, hosted zones): the account without a region. */
export const ofAccount = ({ accountId }: Scope): Scope => ({ accountId, region: '' });

/** Opens the records of a kind in a store. */
export function openRecords<T>(store: Store, kind: RecordKind<T>): Records<T> {
  const { idOf, quota, keyOf = (id) => id, placeOf = (scope) => scope } = kind;
  const documents = store.collection<T>(kind.collection, kind.indexes);
  const find = (scope: Scope, id: string) => documents.get(placeOf(scope), keyOf(id));
  const put = (scope: Scope, record: T) => documents.put(placeOf(scope), keyOf(idOf(record)), record);
  const count = (scope: Scope, prefix?: string) => documents.count(placeOf(scope), prefix);

  function existing(scope: Scope, id: string): T {
    const found = find(scope, id);
    if (found === undefined) throw kind.notFound(id, scope);
    return found;
  }

  return {
    find,
    existing,
    add(scope, record) {
      const id = idOf(record);
      if (kind.exists && documents.has(placeOf(scope), keyOf(id))) throw kind.exists(id);
      if (quota && count(scope) >= quota.most) throw quota.exceeded(quota.most);
      put(scope, record);
    },
    put,
    change(scope, id, change) {
      const record = existing(scope, id);
      const changed = change(record) ?? record;
      put(scope, changed);
      return changed;
    },
    remove: (scope, id) => documents.delete(placeOf(scope), keyOf(id)),
    count,
    list: (scope, range) => documents.list(placeOf(scope), range),
    batches: (scope, range) => documents.batches(placeOf(scope), range),
    by: (scope, index, key, range) => documents.by(placeOf(scope), index, key, range),
    countBy: (scope, index, key) => documents.countBy(placeOf(scope), index, key),
    inOrderOf: (scope, index, range) => documents.inOrderOf(placeOf(scope), index, range),
    byAnywhere: (index, key) => documents.byAnywhere(index, key),
    everywhere: () => documents.everywhere(),
  };
}
