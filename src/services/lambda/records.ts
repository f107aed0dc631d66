// The collections of Lambda's records, and the code packages that they refer to.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import { type Scope, scopeKey } from '../../aws/scope.ts';
import type { Store } from '../../store/store.ts';
import { countCodeReferences } from './code/code-references.ts';
import type { FunctionRecord, LayerRecord, VersionRecord } from './domain/model.ts';
import { functionArn } from './domain/names.ts';
import { functionExists, functionNotFound, notFound } from './faults.ts';

/** Lambda's records. */
export interface Records {
  /** The current record, read-only and shared: the same object until the record changes. */
  snapshot(scope: Scope, name: string): FunctionRecord | undefined;
  functions: RecordsOf<FunctionRecord>;
  layers: RecordsOf<LayerRecord>;
  /** Whether a function or a layer refers to this package. */
  refersTo(hash: string): boolean;
  /** Counts the references of stored records; `refersTo` is incomplete before it resolves. */
  start(): Promise<void>;
}

/** The key, in the index `url`, of functions that have a URL. */
export const HAS_URL = 'yes';

/** The key, in the index `vpc`, of functions with a version in a VPC. */
export const IN_VPC = 'yes';

/** All versions, the unpublished one first. */
export const versionsOf = ({ latest, versions }: FunctionRecord): VersionRecord[] => [
  latest,
  ...Object.values(versions),
];

const isInVpc = ({ recorded }: VersionRecord): boolean => (recorded.subnetIds ?? []).length > 0;

const FUNCTION: RecordKind<FunctionRecord> = {
  collection: 'lambda/function',
  idOf: ({ name }) => name,
  indexes: {
    url: ({ urls }) => (Object.keys(urls).length > 0 ? HAS_URL : undefined),
    vpc: (record) => (versionsOf(record).some(isInVpc) ? IN_VPC : undefined),
  },
  notFound: (name, scope) => functionNotFound(functionArn(scope, name)),
  exists: functionExists,
};

const LAYER: RecordKind<LayerRecord> = {
  collection: 'lambda/layer',
  idOf: ({ name }) => name,
  notFound,
};

type Place = [scope: Scope, name: string];

/** `onUnreferenced` is called after the commit that removes the last reference to a package. */
export function openRecords(store: Store, onUnreferenced: (hash: string) => void): Records {
  const references = countCodeReferences();
  const snapshots = new Map<string, FunctionRecord>();
  const keyOf = (kind: string, ...[scope, name]: Place) => `${kind} ${scopeKey(scope)}/${name}`;
  const follow = (key: string, hashes: Iterable<string>) => {
    snapshots.delete(key);
    store.afterCommit(() => references.set(key, hashes).forEach(onUnreferenced));
  };
  const stored = openKind(store, FUNCTION);
  const functions = followed(stored, (record, ...place) =>
    follow(keyOf('function', ...place), record ? codeOfFunction(record) : []),
  );
  const layers = followed(openKind(store, LAYER), (record, ...place) =>
    follow(keyOf('layer', ...place), record ? codeOfLayer(record) : []),
  );
  return {
    snapshot(scope, name) {
      const key = keyOf('function', scope, name);
      let record = snapshots.get(key);
      if (!record && (record = stored.find(scope, name))) snapshots.set(key, record);
      return record;
    },
    ...{ functions, layers },
    refersTo: (hash) => references.has(hash),
    async start() {
      for await (const batch of functions.everywhere()) {
        for (const { scope, id, value } of batch)
          references.set(keyOf('function', scope, id), codeOfFunction(value));
      }
      for await (const batch of layers.everywhere()) {
        for (const { scope, id, value } of batch)
          references.set(keyOf('layer', scope, id), codeOfLayer(value));
      }
    },
  };
}

/** Calls `changed` for every change, within its transaction; without a record for a removal. */
function followed<T extends { name: string }>(
  records: RecordsOf<T>,
  changed: (record: T | undefined, ...place: Place) => void,
): RecordsOf<T> {
  return {
    ...records,
    add(scope, record) {
      records.add(scope, record);
      changed(record, scope, record.name);
    },
    put(scope, record) {
      records.put(scope, record);
      changed(record, scope, record.name);
    },
    change(scope, id, change) {
      const record = records.change(scope, id, change);
      changed(record, scope, id);
      return record;
    },
    remove(scope, id) {
      records.remove(scope, id);
      changed(undefined, scope, id);
    },
  };
}

/** The packages of a version: its own and its layers'. */
export const codeOf = (version: VersionRecord): string[] => [
  version.codeHash,
  ...version.layers.map(({ codeHash }) => codeHash),
];

const codeOfFunction = (record: FunctionRecord): string[] => versionsOf(record).flatMap(codeOf);

const codeOfLayer = (record: LayerRecord): string[] =>
  Object.values(record.versions).map(({ codeHash }) => codeHash);
