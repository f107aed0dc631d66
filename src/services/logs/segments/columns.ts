// Columns: the values of one discovered field in all rows of a segment, typed. Numbers are a Float64Array, texts a list
// of the different texts and one code a row. Pure.

import type { FieldValue } from './discover.ts';

/** The values of a field by row. */
export type Column = NumberColumn | TextColumn;

/** `NaN` where the event has no such field. JSON has no NaN. */
export interface NumberColumn {
  kind: 'number';
  values: Float64Array;
}

/** A code is an index in `texts`; 0 stands for an event without the field, and `texts[0]` is not used. */
export interface TextColumn {
  kind: 'text';
  codes: Uint32Array;
  texts: readonly string[];
}

/** Collects the values of one field in ascending order of rows. */
export class ColumnBuilder {
  readonly rows: number[] = [];
  readonly values: FieldValue[] = [];
  #isNumeric = true;

  /** Only the first value of a row counts. */
  add(row: number, value: FieldValue): void {
    if (this.rows.at(-1) === row) return;
    this.rows.push(row);
    this.values.push(value);
    if (typeof value !== 'number') this.#isNumeric = false;
  }

  /** A field with numbers in some events and texts in others becomes a column of texts. */
  build(rowCount: number): Column {
    return this.#isNumeric ? this.#numbers(rowCount) : this.#texts(rowCount);
  }

  #numbers(rowCount: number): NumberColumn {
    const values = new Float64Array(rowCount).fill(Number.NaN);
    for (const [index, row] of this.rows.entries()) values[row] = this.values[index] as number;
    return { kind: 'number', values };
  }

  #texts(rowCount: number): TextColumn {
    const codes = new Uint32Array(rowCount);
    const texts = [''];
    const codeOf = new Map<string, number>();
    for (const [index, row] of this.rows.entries()) {
      const text = String(this.values[index]);
      let code = codeOf.get(text);
      if (code === undefined) {
        code = texts.push(text) - 1;
        codeOf.set(text, code);
      }
      codes[row] = code;
    }
    return { kind: 'text', codes, texts };
  }
}

/** The value in a row; `undefined` where the event has no such field. */
export function valueIn(column: Column, row: number): FieldValue | undefined {
  if (column.kind === 'text') {
    const code = column.codes[row]!;
    return code === 0 ? undefined : column.texts[code];
  }
  const value = column.values[row]!;
  return Number.isNaN(value) ? undefined : value;
}
