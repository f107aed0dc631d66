// Where Lambda's documents are kept, and which code they refer to.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import type { Collection, Store } from '../../store/store.ts';
import { countCodeReferences } from './code/code-references.ts';
import type { FunctionRecord, LayerRecord, VersionRecord } from './domain/model.ts';

export interface Records {
  /** The function as it is now, to be looked at and never changed: the same object until it does change. */
  snapshot(scope: Scope, name: string): FunctionRecord | undefined;
  functions: Collection<FunctionRecord>;
  layers: Collection<LayerRecord>;
  /** Whether a function or a layer has this package. */
  refersTo(hash: string): boolean;
}

/** `onUnreferenced` is called after the commit by which the last record that had a package lost it. */
export function openRecords(store: Store, onUnreferenced: (hash: string) => void): Records {
  const references = countCodeReferences();
  const stored = store.collection<FunctionRecord>('lambda/function');
  const snapshots = new Map<string, FunctionRecord>();

  function watched<T>(
    kind: string,
    collection: Collection<T>,
    codeOf: (record: T) => Iterable<string>,
    changed?: (key: string) => void,
  ): Collection<T> {
    const keyOf = (scope: Scope, id: string) => `${kind} ${scopeKey(scope)}/${id}`;
    for (const { scope, id, value } of collection.listAll()) references.set(keyOf(scope, id), codeOf(value));
    const follow = (scope: Scope, id: string, hashes: Iterable<string>) => {
      const key = keyOf(scope, id);
      changed?.(key);
      store.afterCommit(() => references.set(key, hashes).forEach(onUnreferenced));
    };
    return {
      ...{ get: collection.get.bind(collection), has: collection.has.bind(collection) },
      ...{ list: collection.list.bind(collection), entries: collection.entries.bind(collection) },
      ...{ count: collection.count.bind(collection), batches: collection.batches.bind(collection) },
      ...{ by: collection.by.bind(collection), countBy: collection.countBy.bind(collection) },
      listAll: collection.listAll.bind(collection),
      put(scope, id, record) {
        collection.put(scope, id, record);
        follow(scope, id, codeOf(record));
      },
      delete(scope, id) {
        collection.delete(scope, id);
        follow(scope, id, []);
      },
    };
  }

  return {
    snapshot(scope, name) {
      const key = `function ${scopeKey(scope)}/${name}`;
      let record = snapshots.get(key);
      if (!record && (record = stored.get(scope, name))) snapshots.set(key, record);
      return record;
    },
    functions: watched('function', stored, codeOfFunction, (key) => snapshots.delete(key)),
    layers: watched('layer', store.collection<LayerRecord>('lambda/layer'), codeOfLayer),
    refersTo: (hash) => references.has(hash),
  };
}

/** What a version runs: its package and its layers'. */
export const codeOf = (version: VersionRecord): string[] => [
  version.codeHash,
  ...version.layers.map(({ codeHash }) => codeHash),
];

const codeOfFunction = (record: FunctionRecord): string[] =>
  [record.latest, ...Object.values(record.versions)].flatMap(codeOf);

const codeOfLayer = (record: LayerRecord): string[] =>
  Object.values(record.versions).map(({ codeHash }) => codeHash);
