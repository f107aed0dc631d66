// The shape of a SQL table, and a row as its parameters. Pure.

import type { Column } from '../../sink.ts';
import type { PlacedRow } from '../rows.ts';

/** A column of the table. */
export interface TableColumn {
  name: string;
  isRequired: boolean;
  hasDefault: boolean;
  /** Computed by the database; nobody may write it. */
  isGenerated: boolean;
  isBinary: boolean;
  /** A decimal of at least 38 digits. */
  holdsSequence: boolean;
}

/** A table as the database describes it. */
export interface TableShape {
  columns: ReadonlyMap<string, TableColumn>;
  /** Columns of the primary key, and of every other unique index. */
  primaryKey: readonly string[];
  uniqueKeys: readonly (readonly string[])[];
}

/** A value that a statement takes. */
export type Parameter = string | Buffer | null;

/** Values by column, the key's first; for a delete the key's alone. */
export interface BoundRow {
  row: PlacedRow;
  names: readonly string[];
  values: readonly Parameter[];
}

/** What the feed writes into. */
export interface TableUse {
  shape: TableShape;
  key: readonly string[];
  sequenceColumn?: string;
  /** Columns that the feed names; all of the table's when absent. */
  named?: readonly string[];
}

/** Why the feed cannot use the table at all; `undefined` when it can. */
export function objectionToTable({ shape, key, sequenceColumn, named }: TableUse): string | undefined {
  const missing = [...key, ...(sequenceColumn === undefined ? [] : [sequenceColumn]), ...(named ?? [])].find(
    (name) => !shape.columns.has(name),
  );
  if (missing !== undefined) return `it has no column ${missing}`;
  if (key.length === 0) return 'it has no primary key, and the feed names no key';
  const isUnique = [shape.primaryKey, ...shape.uniqueKeys].some(
    (columns) => columns.length === key.length && columns.every((name) => key.includes(name)),
  );
  if (!isUnique) return `it has no unique index of ${key.join(', ')}, by which rows are replaced`;
  if (sequenceColumn !== undefined && !shape.columns.get(sequenceColumn)!.holdsSequence) {
    return `its column ${sequenceColumn} is no decimal of 38 digits, which a sequence may have`;
  }
  return undefined;
}

/**
 * The parameters of a row, or the reason why the table cannot have it. A column of the table that the row does not have
 * becomes NULL, as the field was removed from the hash; one that is required or has a default is left as it is.
 */
export function bindRow(
  row: PlacedRow,
  use: TableUse,
  booleans: readonly [string, string],
): BoundRow | string {
  const { shape, sequenceColumn, named } = use;
  const names: string[] = [];
  const values: Parameter[] = [];
  const add = (name: string, value: Column): string | undefined => {
    const parameter = parameterOf(value, shape.columns.get(name)!, booleans);
    if (parameter === undefined) return `The value of ${name} is no text, and the column holds no bytes.`;
    names.push(name);
    values.push(parameter);
    return undefined;
  };
  for (const [name, value] of row.key) {
    const objection = add(name, value);
    if (objection) return objection;
  }
  if (row.kind === 'delete') return { row, names, values };
  const unknown = Object.keys(row.columns).find((name) => !shape.columns.has(name));
  if (unknown !== undefined) return `The table has no column ${unknown}.`;
  for (const column of shape.columns.values()) {
    const { name } = column;
    if (name === sequenceColumn || names.includes(name)) continue;
    const isOwn = Object.hasOwn(row.columns, name);
    const isLeft = named
      ? !named.includes(name)
      : column.isGenerated || column.isRequired || column.hasDefault;
    if (!isOwn && isLeft) continue;
    const objection = add(name, isOwn ? row.columns[name]! : null);
    if (objection) return objection;
  }
  // The last one: MySQL assigns from left to right, and the others compare with it.
  if (sequenceColumn !== undefined) {
    names.push(sequenceColumn);
    values.push(row.sequence);
  }
  return { row, names, values };
}

/** `undefined`: bytes for a column that holds none. */
function parameterOf(
  value: Column,
  { isBinary }: TableColumn,
  booleans: readonly [string, string],
): Parameter | undefined {
  if (value === null) return null;
  if (value instanceof Uint8Array) return isBinary ? Buffer.from(value) : undefined;
  const text =
    typeof value === 'boolean'
      ? booleans[Number(value) as 0 | 1]
      : typeof value === 'object'
        ? JSON.stringify(jsonOf(value))
        : String(value);
  return isBinary ? Buffer.from(text) : text;
}

/** Lists and objects become JSON; bytes in them are base64, whole numbers beyond 2^53 texts. */
function jsonOf(value: Column): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonOf);
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, Column>>).map(([name, member]) => [name, jsonOf(member)]),
  );
}
