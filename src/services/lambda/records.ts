// Where Lambda's documents are kept.

import { type Scope, scopeKey } from '../../kernel/scope.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { EventRecord, FunctionRecord, LayerRecord } from './domain/model.ts';

export interface Records {
  /** The function as it is now, to be looked at and never changed: the same object until it does change. */
  snapshot(scope: Scope, name: string): FunctionRecord | undefined;
  functions: Collection<FunctionRecord>;
  layers: Collection<LayerRecord>;
  /** By request id. */
  events: Collection<EventRecord>;
}

export function openRecords(store: Store): Records {
  const functions: Collection<FunctionRecord> = store.collection('lambda/function');
  const snapshots = new Map<string, FunctionRecord>();
  const keyOf = (scope: Scope, name: string) => `${scopeKey(scope)}/${name}`;
  const forget = (scope: Scope, name: string) => void snapshots.delete(keyOf(scope, name));
  return {
    snapshot(scope, name) {
      const key = keyOf(scope, name);
      let record = snapshots.get(key);
      if (!record && (record = functions.get(scope, name))) snapshots.set(key, record);
      return record;
    },
    functions: {
      ...{ get: functions.get.bind(functions), has: functions.has.bind(functions) },
      ...{ list: functions.list.bind(functions), entries: functions.entries.bind(functions) },
      ...{ count: functions.count.bind(functions), batches: functions.batches.bind(functions) },
      ...{ by: functions.by.bind(functions), countBy: functions.countBy.bind(functions) },
      listAll: functions.listAll.bind(functions),
      put(scope, name, record) {
        functions.put(scope, name, record);
        forget(scope, name);
      },
      delete(scope, name) {
        functions.delete(scope, name);
        forget(scope, name);
      },
    },
    layers: store.collection('lambda/layer'),
    events: store.collection('lambda/event'),
  };
}
