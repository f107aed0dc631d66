// One kind of resource as its account sees it in one region: read, written and deleted by id, its tags with it. No rules.

import type { Scope } from '../../kernel/scope.ts';
import type { Collection } from '../../store/store.ts';
import { malformedId, notFound } from './faults.ts';
import type { TagsRecord } from './records.ts';
import { isWellFormed, type ResourceKind } from './resource-kinds.ts';

export interface Table<T> {
  readonly kind: ResourceKind;
  /** Sorted by id. */
  list(scope: Scope): T[];
  get(scope: Scope, id: string): T | undefined;
  /** Throws the kind's own faults for an id that is malformed or names nothing. */
  existing(scope: Scope, id: string): T;
  put(scope: Scope, record: T): void;
  /** And its tags. */
  remove(scope: Scope, id: string): void;
}

export interface TableParts<T> {
  kind: ResourceKind;
  idOf(record: T): string;
  records: Collection<T>;
  tags: Collection<TagsRecord>;
  /** Called before anything is read. */
  prepare(scope: Scope): void;
}

export function openTable<T>({ kind, idOf, records, tags, prepare }: TableParts<T>): Table<T> {
  const get = (scope: Scope, id: string) => {
    prepare(scope);
    return records.get(scope, id);
  };
  return {
    kind,
    list(scope) {
      prepare(scope);
      return records.list(scope);
    },
    get,
    existing(scope, id) {
      const found = get(scope, id);
      if (found) return found;
      if (kind.malformedCode && !isWellFormed(id, kind))
        throw malformedId(kind.malformedCode, id, kind.idPrefix);
      throw notFound(kind, [id]);
    },
    put: (scope, record) => records.put(scope, idOf(record), record),
    remove(scope, id) {
      records.delete(scope, id);
      tags.delete(scope, id);
    },
  };
}
