// One kind of resource as its account sees it in one region: records with EC2's errors and indexes. Its tags go with it.

import { openRecords, type RecordKind, type Records } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Store } from '../../store/store.ts';
import { malformedId, notFound } from './faults.ts';
import { isWellFormed, type ResourceKind } from './resource-kinds.ts';

export interface Resources<T> extends Records<T> {
  readonly kind: ResourceKind;
  idOf(record: T): string;
}

export interface ResourcesParts<T> extends Pick<RecordKind<T>, 'collection' | 'idOf' | 'indexes'> {
  kind: ResourceKind;
  removeTags(scope: Scope, resourceId: string): void;
}

export function openResources<T>(store: Store, parts: ResourcesParts<T>): Resources<T> {
  const { kind, idOf, removeTags, ...rest } = parts;
  const records = openRecords<T>(store, { ...rest, idOf, notFound: (id) => absent(kind, id) });
  return {
    ...records,
    kind,
    idOf,
    remove(scope, id) {
      records.remove(scope, id);
      removeTags(scope, id);
    },
  };
}

/** What EC2 says of an id that names nothing of the kind. */
export const absent = (kind: ResourceKind, id: string) =>
  kind.malformedCode && !isWellFormed(id, kind)
    ? malformedId(kind.malformedCode, id, kind.idPrefix)
    : notFound(kind, [id]);
