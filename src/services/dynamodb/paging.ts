// What Query and Scan have in common: the index, what is selected, and the view of a page.

import type { QueryInput, ScanInput } from '@aws-sdk/client-dynamodb';
import type { RequestContext } from '../../wire/service.ts';
import { consumedCapacity } from './capacity.ts';
import { attributesOf } from './domain/paths.ts';
import { checkKeysAreWhole } from './domain/requests/key-attributes.ts';
import type { PagedRead } from './domain/requests/reads.ts';
import { checkStartKey } from './domain/tables/item-keys.ts';
import { type Index, indexNamed } from './domain/tables/model.ts';
import { unknownIndex } from './faults/tables.ts';
import { invalid } from './faults/validation.ts';
import { itemView, storedView } from './item-view.ts';
import type { Page, PageRequest } from './reading.ts';
import { projectionOf, StoredItem } from './storage/items.ts';
import type { OpenTable } from './storage/tables.ts';

type PageInput = Pick<
  QueryInput & ScanInput,
  'IndexName' | 'ConsistentRead' | 'Select' | 'Limit' | 'ReturnConsumedCapacity'
>;

/** The index of the request; `undefined` for the table. Throws ValidationException. */
export function indexOf({ record }: OpenTable, { IndexName, ConsistentRead }: PageInput): Index | undefined {
  if (IndexName === undefined) return undefined;
  const index = indexNamed(record, IndexName);
  if (!index || index.status === 'DELETING') throw unknownIndex(IndexName);
  if (index.kind === 'global' && ConsistentRead) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  if (index.status === 'CREATING') {
    throw invalid(`Cannot read from backfilling global secondary index: ${IndexName}`);
  }
  return index;
}

/** The parts of a page's request that do not depend on which items it reads. Throws ValidationException. */
export function pagingOf(
  table: OpenTable,
  index: Index | undefined,
  input: PageInput,
  { filter, projection, startKey: start }: PagedRead,
): Omit<PageRequest, 'reading'> {
  const { record } = table;
  if (start) checkStartKey(record, index, start);
  if (projection) checkKeysAreWhole(record, projection.paths);
  const readsTable = index !== undefined && checkRead(table, index, input, projection);
  if (filter) checkKeysAreWhole(record, filter.paths);
  return {
    ...{ table, index, readsTable, start, filter, projection, limit: input.Limit },
    isCount: input.Select === 'COUNT',
    isConsistent: input.ConsistentRead ?? false,
  };
}

/** Whether a local index lacks attributes that the request wants, which are then read from the table. */
function checkRead(
  { record }: OpenTable,
  index: Index,
  { Select }: PageInput,
  projection: PagedRead['projection'],
): boolean {
  const contained = projectionOf(record, index);
  const names = projection ? attributesOf(projection.paths) : [];
  if (index.kind === 'global') {
    contained.checkGlobalRead(index.name, Select, names);
    return false;
  }
  return contained.names !== undefined && (Select === 'ALL_ATTRIBUTES' || contained.lacks(names).length > 0);
}

/** A page as Query and Scan answer it. */
export const pageView = (
  { items, count, scanned, last, usage }: Page,
  input: PageInput,
  context: RequestContext,
) => ({
  ...(items && {
    Items: items.map((each) => (each instanceof StoredItem ? storedView(each, context) : itemView(each))),
  }),
  Count: count,
  ScannedCount: scanned,
  ...(last && { LastEvaluatedKey: itemView(last) }),
  ConsumedCapacity: consumedCapacity(usage, input.ReturnConsumedCapacity),
});
