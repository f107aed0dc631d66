// Where Lambda's documents are kept.

import type { Collection, Store } from '../../store/store.ts';
import type { EventRecord, FunctionRecord, LayerRecord } from './domain/model.ts';

export interface Records {
  functions: Collection<FunctionRecord>;
  layers: Collection<LayerRecord>;
  /** By request id. */
  events: Collection<EventRecord>;
}

export const openRecords = (store: Store): Records => ({
  functions: store.collection('lambda/function'),
  layers: store.collection('lambda/layer'),
  events: store.collection('lambda/event'),
});
