// BatchGetItem.

import type { KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { turnEnd } from '../../../kernel/turn.ts';
import { Fault } from '../../../wire/fault.ts';
import { consumedCapacity, noUsage, type Usage } from '../capacity.ts';
import type { DynamoDb } from '../context.ts';
import { readUnits } from '../domain/capacity.ts';
import type { Projection } from '../domain/projection.ts';
import { checkKeysAreWhole } from '../domain/requests/key-attributes.ts';
import { readKeys } from '../domain/requests/reads.ts';
import { checkKey } from '../domain/tables/item-keys.ts';
import type { Attributes, Item } from '../domain/values.ts';
import { repeatedKeys } from '../faults/keys.ts';
import { invalid } from '../faults/validation.ts';
import { itemView } from '../item-view.ts';
import type { Operation } from '../sdk.ts';
import { readItem } from '../storage/items.ts';
import { positionText, type StoredKey, storedKeyOf } from '../storage/stored-key.ts';
import type { OpenTable } from '../storage/tables.ts';
import { usableTable } from '../table-names.ts';

const MOST_KEYS = 100;
/** AWS: what is beyond it comes back as unprocessed. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What a request wants of one table. */
interface TableRequest {
  /** As the request names the table. */
  name: string;
  given: KeysAndAttributes;
  keys: Attributes[];
  projection: Projection | undefined;
}

export const BatchGetItem: Operation<'BatchGetItem'> = async (dynamodb, input, context) => {
  const { storage, capacity } = dynamodb;
  const requests = Object.entries(input.RequestItems).map(([name, given]) => readRequest(name, given));
  if (requests.reduce((count, { keys }) => count + keys.length, 0) > MOST_KEYS) {
    throw invalid('Too many items requested for the BatchGetItem call');
  }
  const reads = requests.map((request) => {
    const table = usableTable(storage.tables, context, request.name);
    if (request.projection) checkKeysAreWhole(table.record, request.projection.paths);
    return { ...request, table, stored: storedKeys(table, request.keys) };
  });
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, KeysAndAttributes> = {};
  const usages: Usage[] = [];
  let bytes = 0;
  for (const read of reads) {
    const { table, given } = read;
    const usage = noUsage(table, 'read');
    usages.push(usage);
    const items: Item[] = [];
    const kind = given.ConsistentRead ? 'consistent' : 'eventual';
    responses[read.name] = items;
    for (const [position, key] of read.stored.entries()) {
      const found = isAdmitted(dynamodb, table, usages) ? readItem(table, key) : 'throttled';
      if (found === 'throttled' || bytes + (found?.size ?? 0) > MOST_BYTES) {
        unprocessed[read.name] = { ...given, Keys: given.Keys!.slice(position) };
        break;
      }
      bytes += found?.size ?? 0;
      usage.units += readUnits(found?.size ?? 0, kind);
      if (found) items.push(read.projection ? read.projection.of(found.item) : found.item);
      await turnEnd();
    }
    capacity.consume(usage);
  }
  const shown = usages.map((usage) => consumedCapacity(usage, input.ReturnConsumedCapacity));
  return {
    Responses: Object.fromEntries(
      Object.entries(responses).map(([name, items]) => [name, items.map(itemView)]),
    ),
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: shown.flatMap((each) => each ?? []),
  };
};

function readRequest(name: string, given: KeysAndAttributes): TableRequest {
  return { name, given, ...readKeys({ ...given, Keys: given.Keys ?? [] }) };
}

function storedKeys({ record }: OpenTable, keys: readonly Attributes[]): StoredKey[] {
  const seen = new Set<string>();
  return keys.map((key) => {
    checkKey(record.key, key);
    const stored = storedKeyOf(record.key, key);
    const text = positionText(record.id, stored);
    if (seen.has(text)) throw repeatedKeys();
    seen.add(text);
    return stored;
  });
}

/** AWS: a batch of which nothing can be read fails; otherwise what is throttled comes back as unprocessed. */
function isAdmitted({ capacity }: DynamoDb, table: OpenTable, usages: readonly Usage[]): boolean {
  try {
    capacity.admit(table, 'read');
    return true;
  } catch (error) {
    if (!(error instanceof Fault) || usages.every(({ units }) => units === 0)) throw error;
    return false;
  }
}
