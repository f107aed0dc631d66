// One kind of entity of an account, by name. AWS: names differ by more than case, and are kept as they were given.

import type { Scope } from '../../kernel/scope.ts';
import type { Collection } from '../../store/store.ts';
import { alreadyExists, limitExceeded, notFound } from './faults.ts';

export interface Entities<T> {
  list(scope: Scope): T[];
  get(scope: Scope, name: string): T | undefined;
  /** Throws NoSuchEntity. */
  existing(scope: Scope, name: string): T;
  /** Throws EntityAlreadyExists or LimitExceeded. */
  add(scope: Scope, record: T): void;
  put(scope: Scope, record: T): void;
  remove(scope: Scope, name: string): void;
}

export interface EntityKind {
  /** As errors name it: `Role`, `Instance Profile`. */
  kind: string;
  quota: string;
  limit: number;
}

const keyOf = (name: string): string => name.toLowerCase();

/** IAM is the account's, wherever it is asked. */
const global = ({ accountId }: Scope): Scope => ({ accountId, region: '' });

export function openEntities<T extends { name: string }>(
  records: Collection<T>,
  { kind, quota, limit }: EntityKind,
): Entities<T> {
  const get = (scope: Scope, name: string) => records.get(global(scope), keyOf(name));
  const put = (scope: Scope, record: T) => records.put(global(scope), keyOf(record.name), record);
  return {
    list: (scope) => records.list(global(scope)),
    get,
    existing(scope, name) {
      const found = get(scope, name);
      if (!found) throw notFound(kind, name);
      return found;
    },
    add(scope, record) {
      if (get(scope, record.name)) throw alreadyExists(kind, record.name);
      if (records.list(global(scope)).length >= limit) throw limitExceeded(quota, limit);
      put(scope, record);
    },
    put,
    remove: (scope, name) => records.delete(global(scope), keyOf(name)),
  };
}
