// Rows that a stage of a query reads: the events of segments, or the results of an earlier stage.

import type { Compiled, Read } from './language/compile.ts';
import type { Value } from './language/values.ts';

/** Rows in batches. What `field` returned reads the rows of the present batch. */
export interface Rows {
  /** A field of the rows; one that no row has reads as nothing. */
  field(name: string): Compiled;
  /** A column that has this text as its name, such as `count(*)`; `undefined` when there is none. */
  named(text: string): Compiled | undefined;
  /**
   * Calls `visit` with each row and `flush` after each batch, before its rows become invalid. `isAscending`: the
   * oldest first.
   */
  scan(isAscending: boolean, visit: (row: number) => void, flush: () => void): void;
  /** Calls `reset` before each batch. */
  onBatch(reset: () => void): void;
  /** Whether the rows are events, which have a time and a pointer. */
  areEvents: boolean;
}

/** A column of results. */
export interface TableColumn {
  name: string;
  isTime: boolean;
}

/** Results of a stage. */
export interface Table {
  columns: readonly TableColumn[];
  /** The number of rows. */
  rows: number;
  valueAt(row: number, column: number): Value;
  /** Whether the rows are still events. */
  areEvents: boolean;
}

/** The rows of a table, as one batch in the table's order. */
export function rowsOf({ columns, rows, valueAt, areEvents }: Table): Rows {
  const resets: (() => void)[] = [];
  const named = (name: string): Compiled | undefined => {
    const index = columns.findIndex((column) => column.name === name);
    return index < 0 ? undefined : { read: (row) => valueAt(row, index), isTime: columns[index]!.isTime };
  };
  return {
    field: (name) => named(name) ?? { read: NOTHING },
    named,
    scan(_isAscending, visit, flush) {
      for (const reset of resets) reset();
      for (let row = 0; row < rows; row++) visit(row);
      flush();
    },
    onBatch: (reset) => void resets.push(reset),
    areEvents,
  };
}

const NOTHING: Read = () => undefined;
