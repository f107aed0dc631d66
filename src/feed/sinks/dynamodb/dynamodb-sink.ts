// Writes rows into a table of DynamoDB: a write replaces the whole item, a delete removes it.

import type { Target } from '../../configuration/configuration.ts';
import { type AwsCalls, CallFailed, type Failure, type Message, type Sink } from '../../sink.ts';
import { callFailure, oneLine, untilAborted } from '../call-failures.ts';
import { type PlacedRow, placeRows } from '../rows.ts';
import { type AttributeValue, attributeValue } from './attribute-values.ts';
import { describeKey, requestKey, type TableKey } from './table-key.ts';

/** AWS: the most requests of one BatchWriteItem. */
const MOST_IN_BATCH = 25;
/** Calls at the same time of one delivery. */
const PARALLEL = 4;

type DynamoDbTarget = Extract<Target, { kind: 'dynamodb' }>;

/** A write of one item. */
interface Write {
  row: PlacedRow;
  key: Record<string, AttributeValue>;
  /** The whole item; absent for a delete. */
  item?: Record<string, AttributeValue>;
}

/** What a call did not do: a failure for each write that is listed. */
type NotWritten = { write: Write; mayRetry: boolean; reason: string }[];

/**
 * With `sequenceAttribute` each write is conditional: an older sequence never replaces a newer one. A delete leaves no
 * trace, so writes of a key that are delivered again after a crash may restore a deleted item until its delete follows.
 */
export function createDynamoDbSink(target: DynamoDbTarget, calls: AwsCalls): Sink {
  const { table, sequenceAttribute } = target;
  const isKeyNamed = Object.keys(target.row.key).length > 0;
  let tableKey: Promise<TableKey> | undefined;

  const call = (operation: string, input: object, signal: AbortSignal) =>
    untilAborted(calls.call('dynamodb', operation, input), signal, `The table ${table}`);

  /** Asked again after a failure, and after the table may have been made anew. */
  function keyOfTable(): Promise<TableKey> {
    tableKey ??= describeKey(calls, table).catch((error) => {
      tableKey = undefined;
      throw error;
    });
    return tableKey;
  }

  async function writeSingly(write: Write, signal: AbortSignal): Promise<NotWritten> {
    try {
      await call(...singleWrite(write, table, sequenceAttribute), signal);
      return [];
    } catch (error) {
      // There is an item of this sequence or of a later one.
      if (error instanceof CallFailed && error.code === 'ConditionalCheckFailedException') return [];
      const { mayRetry, reason } = callFailure(error);
      return [{ write, mayRetry, reason }];
    }
  }

  async function writeTogether(writes: Write[], signal: AbortSignal): Promise<NotWritten> {
    if (sequenceAttribute !== undefined || writes.length === 1) {
      return (await Promise.all(writes.map((write) => writeSingly(write, signal)))).flat();
    }
    try {
      const input = { RequestItems: { [table]: writes.map(batchedWrite) } };
      return unprocessed(writes, table, await call('BatchWriteItem', input, signal));
    } catch (error) {
      const { mayRetry, reason } = callFailure(error);
      if (mayRetry) return writes.map((write) => ({ write, mayRetry, reason }));
      // One invalid item fails the whole call, so each is written by itself.
      return (await Promise.all(writes.map((write) => writeSingly(write, signal)))).flat();
    }
  }

  async function deliver(messages: readonly Message[], signal: AbortSignal): Promise<Failure[]> {
    let key: TableKey;
    try {
      key = await untilAborted(keyOfTable(), signal, `The table ${table}`);
    } catch (error) {
      const { mayRetry, reason } = callFailure(error);
      return messages.map((_, index) => ({ index, mayRetry, reason }));
    }
    const names = key.map(({ name }) => name);
    const { rows, misplaced } = placeRows(messages, names, isKeyNamed);
    const failures: Failure[] = misplaced.map((one) => ({ ...one, mayRetry: false }));
    const writes: Write[] = [];
    for (const row of rows) {
      const values = requestKey(row, key);
      if (typeof values === 'string') failures.push({ index: row.index, mayRetry: false, reason: values });
      else writes.push({ row, key: values, ...(row.kind !== 'delete' && { item: itemOf(row, values) }) });
    }
    const notWritten: NotWritten = [];
    const groups = Array.from({ length: Math.ceil(writes.length / MOST_IN_BATCH) }, (_, index) =>
      writes.slice(index * MOST_IN_BATCH, (index + 1) * MOST_IN_BATCH),
    );
    const outcomes = await Promise.allSettled(groups.map((group) => writeTogether(group, signal)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      notWritten.push(...outcome.value);
    }
    // The table may have been made anew, with another key.
    if (notWritten.some(({ mayRetry, reason }) => !mayRetry || reason.startsWith('ResourceNotFound'))) {
      tableKey = undefined;
    }
    for (const { write, mayRetry, reason } of notWritten) {
      failures.push({ index: write.row.index, mayRetry, reason });
    }
    return failures.sort((one, other) => one.index - other.index);
  }

  function itemOf(row: PlacedRow, key: Record<string, AttributeValue>): Record<string, AttributeValue> {
    const columns = Object.entries(row.columns).map(([name, column]) => [name, attributeValue(column)]);
    return {
      ...Object.fromEntries(columns),
      ...(sequenceAttribute !== undefined && { [sequenceAttribute]: { N: row.sequence } }),
      ...key,
    };
  }

  return {
    name: `dynamodb ${table}`,
    // A request has 16 MB, 25 items of 400 KB have 10.
    limits: { messages: MOST_IN_BATCH * PARALLEL, bytes: 16 * 1024 * 1024 },
    deliver,
    async close() {},
  };
}

function singleWrite(
  { row, key, item }: Write,
  TableName: string,
  sequenceAttribute: string | undefined,
): [operation: string, input: object] {
  const condition = sequenceAttribute !== undefined && {
    ConditionExpression: 'attribute_not_exists(#sequence) OR #sequence < :sequence',
    ExpressionAttributeNames: { '#sequence': sequenceAttribute },
    ExpressionAttributeValues: { ':sequence': { N: row.sequence } },
  };
  return item
    ? ['PutItem', { TableName, Item: item, ...condition }]
    : ['DeleteItem', { TableName, Key: key, ...condition }];
}

const batchedWrite = ({ key, item }: Write) =>
  item ? { PutRequest: { Item: item } } : { DeleteRequest: { Key: key } };

interface BatchOutput {
  UnprocessedItems?: Record<
    string,
    {
      PutRequest?: { Item: Record<string, AttributeValue> };
      DeleteRequest?: { Key: Record<string, AttributeValue> };
    }[]
  >;
}

/** AWS: what throttling left undone comes back in the answer, in any order. */
function unprocessed(writes: readonly Write[], table: string, output: unknown): NotWritten {
  const left = Object.entries((output as BatchOutput | undefined)?.UnprocessedItems ?? {}).flatMap(
    ([, requests]) => requests,
  );
  if (left.length === 0) return [];
  const byKey = new Map(writes.map((write) => [textOf(write.key), write]));
  const names = Object.keys(writes[0]!.key);
  const reason = oneLine(`${table} left it unprocessed, as it does when it is throttled.`);
  return left.flatMap(({ PutRequest, DeleteRequest }) => {
    const item = PutRequest?.Item ?? DeleteRequest!.Key;
    const write = byKey.get(textOf(Object.fromEntries(names.map((name) => [name, item[name]!]))));
    return write ? [{ write, mayRetry: true, reason }] : [];
  });
}

const textOf = (key: Readonly<Record<string, AttributeValue>>): string =>
  JSON.stringify(
    Object.entries(key).map(([name, value]) => [
      name,
      'B' in value ? Buffer.from(value.B).toString('hex') : Object.values(value)[0],
    ]),
  );
