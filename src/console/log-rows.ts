// What the rows of an Insights query look like in a widget: a table, lines over time, or numbers by category. Pure.

import type { Bars, Series } from './contract.ts';

/** A result row, as GetQueryResults returns it. */
export type ResultRow = readonly { field?: string | undefined; value?: string | undefined }[];

/** Rows with the same columns; a missing value is null. */
export interface Rows {
  columns: string[];
  rows: (string | null)[][];
}

/** AWS: a pointer to the event, which tables do not show. */
const POINTER = '@ptr';
const MOST_CELL = 2_000;
/** A chart with more lines, or with more categories, cannot be read. */
const MOST_SERIES = 50;
const MOST_CATEGORIES = 200;

/** The columns in the order of their first occurrence. */
export function rowsOf(results: readonly ResultRow[]): Rows {
  const columns = new Map<string, number>();
  for (const row of results) {
    for (const { field = '' } of row) {
      if (field !== POINTER && !columns.has(field)) columns.set(field, columns.size);
    }
  }
  const rows = results.map((row) => {
    const cells: (string | null)[] = Array.from({ length: columns.size }, () => null);
    for (const { field = '', value } of row) {
      const place = columns.get(field);
      if (place !== undefined && value !== undefined) cells[place] = shortened(value);
    }
    return cells;
  });
  return { columns: [...columns.keys()], rows };
}

const shortened = (text: string): string => (text.length > MOST_CELL ? `${text.slice(0, MOST_CELL)}…` : text);

const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/;
const secondsOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`) / 1000;
const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));

interface Columns {
  /** Indexes into the columns. */
  time: number | undefined;
  numbers: number[];
  texts: number[];
}

/** Columns are judged by all of their values, since Insights returns texts only. */
function columnsOf({ columns, rows }: Rows): Columns {
  const found: Columns = { time: undefined, numbers: [], texts: [] };
  for (const index of columns.keys()) {
    const values = rows.flatMap((row) => row[index] ?? []);
    if (values.length > 0 && found.time === undefined && values.every((text) => TIME.test(text)))
      found.time = index;
    else if (values.every(isNumber)) found.numbers.push(index);
    else found.texts.push(index);
  }
  return found;
}

/**
 * A line for each column of numbers and, as AWS does, for each combination of the other columns. A sentence if there is
 * no column of times or none of numbers.
 */
export function linesOf(table: Rows): Series[] | string {
  const { time, numbers, texts } = columnsOf(table);
  if (table.rows.length === 0) return [];
  if (time === undefined) return 'Only a query that is grouped by time, such as `by bin(30s)`, has lines.';
  if (numbers.length === 0) return 'The result has no column of numbers.';
  const lines = new Map<string, { label: string; points: [number, number][] }>();
  for (const row of table.rows) {
    const at = row[time];
    if (at == null) continue;
    const group = texts.map((index) => row[index] ?? '').join(' ');
    for (const index of numbers) {
      const value = row[index];
      if (value == null) continue;
      const key = `${index} ${group}`;
      const name = table.columns[index]!;
      const label = group === '' ? name : numbers.length === 1 ? group : `${group} ${name}`;
      const line = lines.get(key) ?? { label, points: [] };
      lines.set(key, line);
      line.points.push([secondsOf(at), Number(value)]);
    }
  }
  if (lines.size > MOST_SERIES)
    return `The result has ${lines.size} lines; at most ${MOST_SERIES} are drawn.`;
  return [...lines.values()].map(({ label, points }) => {
    points.sort(([a], [b]) => a - b);
    return {
      ...{ label, axis: 'left' },
      times: points.map(([at]) => at),
      values: points.map(([, value]) => value),
    };
  });
}

/** A category for each row, named by its columns that are no numbers; a sentence if it has none of numbers. */
export function barsOf(table: Rows): Bars | string {
  const { time, numbers, texts } = columnsOf(table);
  const { columns, rows } = table;
  if (rows.length > 0 && numbers.length === 0) return 'The result has no column of numbers.';
  if (rows.length > MOST_CATEGORIES)
    return `The result has ${rows.length} rows; at most ${MOST_CATEGORIES} are drawn.`;
  const names = [...(time === undefined ? [] : [time]), ...texts];
  return {
    categories: rows.map((row) => names.map((index) => row[index] ?? '').join(' ')),
    groups: numbers.map((index) => ({
      label: columns[index]!,
      values: rows.map((row) => (row[index] == null ? null : Number(row[index]))),
    })),
  };
}
