// The statements that write rows by their key, in both dialects. Values are parameters; names are quoted. Pure.

import type { BoundRow, Parameter } from './table-shape.ts';

/** How a dialect writes things. */
export interface Syntax {
  quote(name: string): string;
  /** The placeholder of the parameter with this number, from 1. */
  placeholder(number: number): string;
  /** The end of an INSERT that replaces the row with the same key, if its sequence is older. */
  onConflict(key: readonly string[], names: readonly string[], sequence: string | undefined): string;
}

/** A statement with its parameters. */
export interface Statement {
  text: string;
  values: Parameter[];
}

const quoted = (mark: string) => (name: string) => `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;

const postgresQuote = quoted('"');
const mysqlQuote = quoted('`');
/** The table in an INSERT of PostgreSQL, whose own names cannot clash with it in `ON CONFLICT`. */
const ALIAS = postgresQuote('millpond_row');

export const POSTGRES: Syntax = {
  quote: postgresQuote,
  placeholder: (number) => `$${number}`,
  onConflict(key, names, sequence) {
    const target = `ON CONFLICT (${key.map(postgresQuote).join(', ')}) DO`;
    const updated = names.filter((name) => !key.includes(name)).map(postgresQuote);
    if (updated.length === 0) return `${target} NOTHING`;
    const update = `${target} UPDATE SET ${updated.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`;
    if (sequence === undefined) return update;
    const own = postgresQuote(sequence);
    return `${update} WHERE ${ALIAS}.${own} IS NULL OR ${ALIAS}.${own} < EXCLUDED.${own}`;
  },
};

export const MYSQL: Syntax = {
  quote: mysqlQuote,
  placeholder: () => '?',
  onConflict(key, names, sequence) {
    const updated = names.filter((name) => !key.includes(name)).map(mysqlQuote);
    const [first] = key.map(mysqlQuote);
    if (updated.length === 0) return `ON DUPLICATE KEY UPDATE ${first} = ${first}`;
    const own = sequence === undefined ? undefined : mysqlQuote(sequence);
    // VALUES() is deprecated in MySQL 8, and MariaDB has nothing else.
    const newValue = (name: string) =>
      own === undefined
        ? `VALUES(${name})`
        : `IF(${own} IS NULL OR ${own} < VALUES(${own}), VALUES(${name}), ${name})`;
    return `ON DUPLICATE KEY UPDATE ${updated.map((name) => `${name} = ${newValue(name)}`).join(', ')}`;
  },
};

/** `shop.carts` is a table of a schema. */
export const quotedTable = (table: string, { quote }: Syntax): string =>
  table.split('.').map(quote).join('.');

/** Both databases take 65,535 parameters in one statement. */
const MOST_PARAMETERS = 30_000;
const MOST_ROWS = 200;

/** The fewest statements that write these rows: inserts by their columns, then deletes. */
export function statementsFor(
  rows: readonly BoundRow[],
  {
    table,
    key,
    sequence,
    syntax,
  }: { table: string; key: readonly string[]; sequence?: string; syntax: Syntax },
): Statement[] {
  const [deletes, writes] = [true, false].map((isDelete) =>
    rows.filter(({ row }) => (row.kind === 'delete') === isDelete),
  ) as [BoundRow[], BoundRow[]];
  const target = quotedTable(table, syntax);
  const upserts = [...Map.groupBy(writes, ({ names }) => names.join('\0')).values()].flatMap((same) =>
    chunks(same).map((chunk) => upsert(chunk, target, key, sequence, syntax)),
  );
  return [...upserts, ...chunks(deletes).map((chunk) => deletion(chunk, target, sequence, syntax))];
}

function chunks(rows: readonly BoundRow[]): BoundRow[][] {
  if (rows.length === 0) return [];
  const size = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_PARAMETERS / (rows[0]!.names.length + 1))));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

function upsert(
  rows: readonly BoundRow[],
  target: string,
  key: readonly string[],
  sequence: string | undefined,
  syntax: Syntax,
): Statement {
  const values: Parameter[] = [];
  const place = (value: Parameter) => syntax.placeholder(values.push(value));
  const { names } = rows[0]!;
  const tuples = rows.map((row) => `(${row.values.map(place).join(', ')})`);
  const alias = syntax === POSTGRES ? ` AS ${ALIAS}` : '';
  const columns = names.map(syntax.quote).join(', ');
  const end = syntax.onConflict(key, names, sequence);
  return { text: `INSERT INTO ${target}${alias} (${columns}) VALUES ${tuples.join(', ')} ${end}`, values };
}

/** Each condition names its columns, so that the parameters have the columns' types. */
function deletion(
  rows: readonly BoundRow[],
  target: string,
  sequence: string | undefined,
  syntax: Syntax,
): Statement {
  const values: Parameter[] = [];
  const place = (value: Parameter) => syntax.placeholder(values.push(value));
  const conditions = rows.map((bound) => {
    const parts = bound.names.map((name, index) => `${syntax.quote(name)} = ${place(bound.values[index]!)}`);
    if (sequence !== undefined) {
      const own = syntax.quote(sequence);
      parts.push(`(${own} IS NULL OR ${own} < ${place(bound.row.sequence)})`);
    }
    return `(${parts.join(' AND ')})`;
  });
  return { text: `DELETE FROM ${target} WHERE ${conditions.join(' OR ')}`, values };
}
