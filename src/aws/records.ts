// Records of one kind of AWS resource: found by the name or id that requests give, with the errors that AWS answers for
// one that is missing, one that is there already and one too many. No rules of any service.

import type { Indexes } from '../store/document-indexes.ts';
import type { Collection, Keyed, Range, Store } from '../store/store.ts';
import type { Scope } from './scope.ts';

/** What one service says of one kind of resource. The errors are made by the service's own functions. */
export interface RecordKind<T> {
  /** The name of its collection, e.g. `ssm/parameter`. */
  collection: string;
  /** The name or id by which requests mean it. */
  idOf(record: T): string;
  /** What two ids that mean the same have in common; the id itself by default. */
  keyOf?(id: string): string;
  /** Which account and region keep it; those of the request by default. */
  placeOf?(scope: Scope): Scope;
  /** What it is found by besides. Keys are compared as they are. */
  indexes?: Indexes<T>;
  notFound(id: string, scope: Scope): Error;
  exists?(id: string): Error;
  /** How many there may be in one place. */
  quota?: { most: number; exceeded(most: number): Error };
}

export interface Records<T> {
  find(scope: Scope, id: string): T | undefined;
  /** Throws the kind's notFound. */
  existing(scope: Scope, id: string): T;
  /** Throws the kind's exists or quota. Call it inside a transaction. */
  add(scope: Scope, record: T): void;
  /** Over one of the same id, if there is one. */
  put(scope: Scope, record: T): void;
  /** Puts what `change` returns, or the record that it changed; returns it. Throws notFound. Call it inside a transaction. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a change may be made in place
  change(scope: Scope, id: string, change: (record: T) => T | void): T;
  /** One that is not there is no error. */
  remove(scope: Scope, id: string): void;
  /** How many there are whose keys begin so. */
  count(scope: Scope, prefix?: string): number;
  /** Sorted by key, all at once: for a range that is never large. Ranges are of keys. */
  list(scope: Scope, range?: Range): T[];
  /** The same for a range of any size, as collections do it. */
  batches(scope: Scope, range?: Range): ReturnType<Collection<T>['batches']>;
  /** Those to which the index gives this key. */
  by(scope: Scope, index: string, key: string, range?: Pick<Range, 'after' | 'limit'>): T[];
  countBy(scope: Scope, index: string, key: string): number;
  /** Sorted by the keys that the index gives, of which the range is a run. */
  inOrderOf(scope: Scope, index: string, range?: Range): Keyed<T>[];
  /** Those of every account and region to which the index gives this key. */
  byAnywhere: Collection<T>['byAnywhere'];
  /** Those of every account and region, in batches. */
  everywhere(): ReturnType<Collection<T>['everywhere']>;
}

/** Of an account, whichever region is asked: IAM, hosted zones. */
export const ofAccount = ({ accountId }: Scope): Scope => ({ accountId, region: '' });

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
