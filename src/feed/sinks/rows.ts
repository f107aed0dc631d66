// What sinks of tables share: where a row's key goes, and which of several rows with one key is written. Pure.

import type { Column, Message, Row } from '../sink.ts';

/** A row with the message that it came with. */
export interface PlacedRow {
  /** The message's index in the batch. */
  index: number;
  kind: Message['kind'];
  sequence: string;
  /** The values of the table's key, in the table's order. */
  key: readonly (readonly [name: string, value: Column])[];
  /** All columns but the key's. */
  columns: Readonly<Record<string, Column>>;
}

/** Why a row fits no table with this key; the message fails for good. */
export interface Misplaced {
  index: number;
  reason: string;
}

/**
 * Where the feed names no columns for the key, a table with one key column takes the row's key under its own name;
 * a field of a hash with that name gives way. Otherwise the row's key has to be the table's.
 */
export function placeRow(
  { row, kind, sequence }: Message,
  index: number,
  tableKey: readonly string[],
  isKeyNamed: boolean,
): PlacedRow | Misplaced {
  if (!row) return { index, reason: 'The change has no row; its mapping has no table as its target.' };
  const named = keyOf(row, tableKey, isKeyNamed);
  const missing = tableKey.find((name) => named[name] === undefined || named[name] === null);
  if (missing !== undefined) {
    return { index, reason: `The change gives no value for ${missing}, which is part of the table's key.` };
  }
  const taken = new Set([...tableKey, ...(isKeyNamed ? [] : row.key)]);
  const columns = Object.entries(row.columns).filter(([name]) => !taken.has(name));
  return {
    ...{ index, kind, sequence, columns: Object.fromEntries(columns) },
    key: tableKey.map((name) => [name, named[name]!]),
  };
}

function keyOf(row: Row, tableKey: readonly string[], isKeyNamed: boolean): Readonly<Record<string, Column>> {
  const [own, ...more] = row.key;
  if (isKeyNamed || own === undefined || more.length > 0 || tableKey.length !== 1) return row.columns;
  return { [tableKey[0]!]: row.columns[own]! };
}

/** Identifies a key within a batch. */
export const identityOf = (key: PlacedRow['key']): string =>
  JSON.stringify(
    key.map(([, value]) => (value instanceof Uint8Array ? ['B', value.toString('hex')] : value)),
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  );

/** Of the rows with one key only the last: it has the newest state. */
export function lastOfEachKey(rows: readonly PlacedRow[]): PlacedRow[] {
  const last = new Map<string, PlacedRow>();
  for (const row of rows) {
    const identity = identityOf(row.key);
    last.delete(identity);
    last.set(identity, row);
  }
  return [...last.values()];
}

/** Divides rows into those that fit the table and those that do not. */
export function placeRows(
  messages: readonly Message[],
  tableKey: readonly string[],
  isKeyNamed: boolean,
): { rows: PlacedRow[]; misplaced: Misplaced[] } {
  const placed = messages.map((message, index) => placeRow(message, index, tableKey, isKeyNamed));
  return {
    rows: lastOfEachKey(placed.filter((row) => 'key' in row)),
    misplaced: placed.filter((row) => 'reason' in row),
  };
}
