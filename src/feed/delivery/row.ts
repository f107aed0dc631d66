// The row of a change for table sinks: columns by paths into the change, or all fields of a hash. A key that does not exist
// any more is a row to delete, and only its key's columns are there. Pure.

import type { Change } from '../change.ts';
import type { RowShape } from '../configuration/configuration.ts';
import { LanguageError, readPath, valueAt } from '../configuration/path.ts';
import type { Column, Message, Row } from '../sink.ts';
import { columnsOf, isKeyless } from './record.ts';

/** The column of the key where the shape names none; sinks give it the name that the table's key has. */
export const KEY_COLUMN = 'key';
/** The column of a value that is no hash. */
const VALUE_COLUMN = 'value';

/** Makes rows. It throws a LanguageError for a change that has none. */
export type RowMaker = (change: Change) => { kind: Message['kind']; row: Row };

/** Compiles the shape of rows. Throws a LanguageError. */
export function compileRow(shape: RowShape): RowMaker {
  const keyPaths = pathsOf(Object.keys(shape.key).length > 0 ? shape.key : { [KEY_COLUMN]: '$.key' });
  const columnPaths = shape.columns && pathsOf(shape.columns);
  const key = keyPaths.map(([name]) => name);
  return (change) => {
    if (isKeyless(change)) {
      const [name] = change.command!;
      throw new LanguageError(`${name} is of no single key; resync: diff delivers what it does to each`);
    }
    const all = columnsOf(change);
    // The value is the newer information: the key may have been deleted, or written again, since this change.
    const isGone = change.value ? change.value.type === 'none' : change.kind === 'delete';
    const columns = new Map<string, Column>();
    if (!isGone) {
      if (columnPaths) {
        for (const [name, path] of columnPaths) columns.set(name, (valueAt(all, path) ?? null) as Column);
      } else {
        for (const [name, value] of fieldsOf(change, all)) columns.set(name, value);
      }
    }
    for (const [name, path] of keyPaths) columns.set(name, keyValue(name, valueAt(all, path)));
    const kind = isGone ? 'delete' : change.kind === 'delete' ? 'write' : change.kind;
    return { kind, row: { key, columns: Object.fromEntries(columns) } };
  };
}

const pathsOf = (paths: Readonly<Record<string, string>>) =>
  Object.entries(paths).map(([name, path]) => [name, readPath(path)] as const);

function fieldsOf(change: Change, { value }: { [member: string]: Column }): [string, Column][] {
  if (change.value?.type !== 'hash') return [[VALUE_COLUMN, value ?? null]];
  return Object.entries(value as { [name: string]: Column });
}

function keyValue(name: string, value: unknown): Column {
  if (typeof value === 'string' || typeof value === 'number' || Buffer.isBuffer(value)) return value;
  throw new LanguageError(`the change has no value for ${name}, which is part of the row's key`);
}
