// The key of a table, read from DynamoDB when it is first needed.

import type { AwsCalls } from '../../sink.ts';
import type { PlacedRow } from '../rows.ts';
import { type AttributeValue, type KeyType, keyValue } from './attribute-values.ts';

/** The names and types of a table's key, the partition key first. */
export type TableKey = readonly { name: string; type: KeyType }[];

interface DescribeTableOutput {
  Table?: {
    KeySchema?: { AttributeName: string; KeyType: string }[];
    AttributeDefinitions?: { AttributeName: string; AttributeType: string }[];
  };
}

/** Rejects as the call does. */
export async function describeKey(calls: AwsCalls, table: string): Promise<TableKey> {
  const output = await calls.call('dynamodb', 'DescribeTable', { TableName: table });
  const { KeySchema = [], AttributeDefinitions = [] } = (output as DescribeTableOutput).Table ?? {};
  const types = new Map(AttributeDefinitions.map((one) => [one.AttributeName, one.AttributeType as KeyType]));
  return KeySchema.toSorted((one, other) => order(one.KeyType) - order(other.KeyType)).map(
    ({ AttributeName: name }) => ({ name, type: types.get(name)! }),
  );
}

const order = (keyType: string) => (keyType === 'HASH' ? 0 : 1);

/** The key as requests have it, or the reason why the table cannot have it. */
export function requestKey(row: PlacedRow, key: TableKey): Record<string, AttributeValue> | string {
  const values: Record<string, AttributeValue> = {};
  for (const [index, [name, column]] of row.key.entries()) {
    const { type } = key[index]!;
    const value = keyValue(column, type);
    if (!value) return `The value of ${name}, which is part of the table's key, is no ${NAMES[type]}.`;
    values[name] = value;
  }
  return values;
}

const NAMES = { S: 'text in UTF-8', N: 'number', B: 'binary value' };
