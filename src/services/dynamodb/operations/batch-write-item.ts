// BatchWriteItem.

import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { Fault } from '../../../wire/fault.ts';
import { consumedCapacity } from '../capacity.ts';
import type { DynamoDb } from '../context.ts';
import { readDelete, readPut } from '../domain/requests/writes.ts';
import { repeatedKeys } from '../faults/keys.ts';
import { invalid } from '../faults/validation.ts';
import { severalTypes } from '../faults/values.ts';
import {
  carryOut,
  collectionMetrics,
  deletionOf,
  type ItemWrite,
  planned,
  putOf,
  writeUsage,
} from '../item-writes.ts';
import type { Operation } from '../sdk.ts';
import { positionText } from '../storage/stored-key.ts';
import type { OpenTable } from '../storage/tables.ts';
import { usableTable } from '../table-names.ts';

const MOST_WRITES = 25;

/** A write with the request that wants it. */
interface BatchedWrite extends ItemWrite {
  given: WriteRequest;
}

/** AWS: each write is carried out by itself; here those of a request share a transaction, which nobody can tell. */
export const BatchWriteItem: Operation<'BatchWriteItem'> = async (dynamodb, input, context) => {
  const { storage, capacity } = dynamodb;
  const { RequestItems, ReturnItemCollectionMetrics } = input;
  const entries = Object.entries(RequestItems).map(([name, requests]) => ({
    name,
    writes: requests.map(readRequest),
  }));
  if (entries.reduce((count, { writes }) => count + writes.length, 0) > MOST_WRITES) {
    throw invalid('Too many items requested for the BatchWriteItem call');
  }
  const batches = entries.map(({ name, writes }) => {
    const table = usableTable(storage.tables, context, name);
    return { name, table, writes: writes.map((write) => write(table)), usage: writeUsage(table) };
  });
  for (const { writes } of batches) checkDistinct(writes);
  const unprocessed: Record<string, WriteRequest[]> = {};
  const made = await storage.change(() => {
    const done: BatchedWrite[] = [];
    for (const { name, table, writes, usage } of batches) {
      for (const write of writes) {
        if (isAdmitted(dynamodb, table, done)) {
          carryOut(planned(write), usage);
          done.push(write);
        } else {
          (unprocessed[name] ??= []).push(write.given);
        }
      }
    }
    return done;
  });
  for (const { usage } of batches) capacity.consume(usage);
  const shown = batches.map(({ usage }) => consumedCapacity(usage, input.ReturnConsumedCapacity));
  const metrics = batches.flatMap(({ name, table }) => {
    const all = made
      .filter((write) => write.table === table)
      .flatMap((write) => collectionMetrics(write, ReturnItemCollectionMetrics) ?? []);
    return all.length > 0 ? [[name, all] as const] : [];
  });
  return {
    UnprocessedItems: unprocessed,
    ...(metrics.length > 0 && { ItemCollectionMetrics: Object.fromEntries(metrics) }),
    ConsumedCapacity: shown.flatMap((each) => each ?? []),
  };
};

/** A put or a deletion whose table is not known yet. Throws ValidationException. */
function readRequest(given: WriteRequest): (table: OpenTable) => BatchedWrite {
  const { PutRequest, DeleteRequest } = given;
  // AWS: the text is that of attribute values.
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) throw severalTypes();
  if (PutRequest) {
    const { item, bytes } = readPut({ Item: PutRequest.Item! });
    return (table) => ({ ...putOf(table, item, bytes, {}), given });
  }
  const { key } = readDelete({ Key: DeleteRequest!.Key! });
  return (table) => ({ ...deletionOf(table, key, {}), given });
}

function checkDistinct(writes: readonly ItemWrite[]): void {
  const seen = new Set<string>();
  for (const { table, key } of writes) {
    const text = positionText(table.record.id, key);
    if (seen.has(text)) throw repeatedKeys();
    seen.add(text);
  }
}

/** AWS: a batch of which nothing can be written fails; otherwise what is throttled comes back as unprocessed. */
function isAdmitted({ capacity }: DynamoDb, table: OpenTable, done: readonly unknown[]): boolean {
  try {
    capacity.admit(table, 'write');
    return true;
  } catch (error) {
    if (!(error instanceof Fault) || done.length === 0) throw error;
    return false;
  }
}
