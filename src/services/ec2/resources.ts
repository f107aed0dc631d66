// The records of one kind of resource, with EC2's errors. Removing a record also removes its tags.

import { openRecords, type RecordKind, type Records } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Store } from '../../store/store.ts';
import type { Fault } from '../../wire/fault.ts';
import { malformedId, notFound } from './faults.ts';
import { isWellFormed, type ResourceKind } from './resource-kinds.ts';

/** The records of one kind, by account and region. */
export interface Resources<T> extends Records<T> {
  readonly kind: ResourceKind;
  idOf(record: T): string;
}

/** What `openResources` needs of a kind. */
export interface ResourcesParts<T> extends Pick<RecordKind<T>, 'collection' | 'idOf' | 'indexes'> {
  kind: ResourceKind;
  removeTags(scope: Scope, resourceId: string): void;
  /** Called after the commit of each change. */
  changed?: (() => void) | undefined;
}

/** Opens the collection of a kind in the store. */
export function openResources<T>(store: Store, parts: ResourcesParts<T>): Resources<T> {
  const { kind, idOf, removeTags, changed, ...rest } = parts;
  const records = openRecords<T>(store, { ...rest, idOf, notFound: (id) => absent(kind, id) });
  const noted = () => changed && store.afterCommit(changed);
  return {
    ...records,
    kind,
    idOf,
    add(scope, record) {
      records.add(scope, record);
      noted();
    },
    put(scope, record) {
      records.put(scope, record);
      noted();
    },
    change(scope, id, change) {
      const record = records.change(scope, id, change);
      noted();
      return record;
    },
    remove(scope, id) {
      records.remove(scope, id);
      removeTags(scope, id);
      noted();
    },
  };
}

/** The fault of an id that does not exist: Malformed or NotFound. */
export const absent = (kind: ResourceKind, id: string): Fault => malformed(kind, id) ?? notFound(kind, [id]);

/** Throws Malformed for an id of another form, if AWS has such an error for the kind. */
export function checkForm(kind: ResourceKind, id: string): void {
  const fault = malformed(kind, id);
  if (fault) throw fault;
}

const malformed = (kind: ResourceKind, id: string): Fault | undefined =>
  kind.malformedCode && !isWellFormed(id, kind)
    ? malformedId(kind.malformedCode, id, kind.idPrefix)
    : undefined;
