// Runs a query over segments, in stages: each takes the rows of the one before through filters and definitions, and ends
// with `stats`, `dedup`, `limit` or the end of the query.

import { type EventsAsked, eventRows, type Scanned } from './event-rows.ts';
import { Grouping } from './grouping.ts';
import { isTrue, type Read } from './language/compile.ts';
import { parseQuery } from './language/parse.ts';
import { QueryMemory, sizeOf } from './language/query-memory.ts';
import type { Command, Expression, Query } from './language/syntax.ts';
import { textOf, timeText } from './language/values.ts';
import { Ordering, type OrderKey } from './ordering.ts';
import { type Rows, rowsOf, type Table } from './rows.ts';
import { StageScope } from './stage-scope.ts';

/** Asks to run a query. */
export interface QueryRequest extends EventsAsked {
  kind: 'query';
  query: string;
  /** Of StartQuery. */
  limit?: number | undefined;
  /** When the query was started, in milliseconds since the epoch. */
  now: number;
}

/** How far a query is. */
export interface Progress extends Scanned {
  recordsMatched: number;
}

/** The columns of each row that have a value, in order. */
export interface QueryOutcome {
  rows: [field: string, value: string][][];
  /** Of all values. */
  characters: number;
  statistics: Progress;
}

/** AWS: the number of results when the query does not say, and the largest number. */
const USUAL_RESULTS = 10_000;
const MOST_RESULTS = 100_000;
/** Results beyond these characters are left out. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Throws MalformedQuery, and TooMuchMemory when the rows that must be kept at the same time are too many. */
export function runQuery(
  request: QueryRequest,
  onProgress: (progress: Progress) => void,
  memory = new QueryMemory(),
): QueryOutcome {
  const { commands } = parseQuery(request.query);
  const statistics: Progress = { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };
  const events = eventRows(request, (scanned) => {
    Object.assign(statistics, scanned);
    onProgress(statistics);
  });
  let rows: Rows = events;
  let rest = commands.filter(({ kind }) => kind !== 'source');
  const shown = shownColumns(rest);
  const limit = rest.some(({ kind }) => kind === 'limit') ? MOST_RESULTS : USUAL_RESULTS;
  for (;;) {
    const end = rest.findIndex(({ kind }) => kind === 'stats' || kind === 'dedup' || kind === 'limit');
    const stage = end < 0 ? rest : rest.slice(0, end + 1);
    rest = end < 0 ? [] : rest.slice(end + 1);
    const needed = neededNames(rest, shown);
    const options = { ...request, needed, limit: request.limit ?? limit, memory };
    const table = runStage(rows, stage, options, () => {
      if (rows === events) statistics.recordsMatched++;
    });
    if (end < 0) return { ...resultsOf(table, shown, memory), statistics };
    rows = rowsOf(table);
  }
}

/** Parses and compiles a query as if there were no events. Throws MalformedQuery. */
export function checkedQuery(query: string): Query {
  runQuery({ kind: 'query', query, sources: [], from: 0, to: 0, now: 0 }, () => {});
  return parseQuery(query);
}

interface StageOptions {
  query: string;
  now: number;
  /** The names that later commands and the answer read. */
  needed: readonly string[];
  /** At the end of the query. */
  limit: number;
  memory: QueryMemory;
}

function runStage(
  rows: Rows,
  commands: readonly Command[],
  options: StageOptions,
  matched: () => void,
): Table {
  const scope = new StageScope(rows, options);
  const filters: Read[] = [];
  let order: OrderKey[] = [];
  let limit = options.limit;
  let unique: Read[] | undefined;
  let grouping: Grouping | undefined;
  for (const command of commands) {
    switch (command.kind) {
      case 'fields':
      case 'display':
        scope.define(command.columns);
        break;
      case 'parse':
        scope.defineParsed(command);
        break;
      case 'filter':
        filters.push(scope.compile(command.condition).read);
        break;
      case 'sort':
        order = command.keys.map(({ expression, name, isDescending }) => ({
          read: (rows.named(name) ?? scope.compile(expression)).read,
          isDescending,
        }));
        break;
      case 'limit':
        limit = command.count;
        break;
      case 'dedup':
        scope.define(command.columns);
        unique = command.columns.map(({ name }) => scope.field(name).read);
        limit = Number.POSITIVE_INFINITY;
        break;
      case 'stats':
        grouping = new Grouping(command, options.query, scope, options.memory);
        break;
      case 'source':
    }
  }
  const passes = (row: number): boolean => {
    for (const read of filters) if (!isTrue(read(row))) return false;
    matched();
    return true;
  };
  if (grouping) {
    rows.scan(
      true,
      (row) => passes(row) && grouping.add(row),
      () => {},
    );
    return grouping.table();
  }
  const columns = options.needed.map((name) => ({ name, field: scope.field(name) }));
  // AWS: without `sort` the newest events come first.
  const isUnsorted = order.length === 0 && rows.areEvents && !rows.named('@timestamp');
  if (isUnsorted) order = [{ read: scope.field('@timestamp').read, isDescending: true }];
  const ordering = new Ordering({
    ...{ order, limit, unique, memory: options.memory },
    columns: columns.map(({ field }) => field.read),
  });
  const isAscending = sortsByTime(commands) === 'ascending';
  rows.scan(
    isAscending,
    (row) => passes(row) && ordering.add(row),
    () => ordering.flush(),
  );
  const kept = ordering.rows();
  return {
    columns: columns.map(({ name, field }) => ({ name, isTime: field.isTime === true })),
    rows: kept.length,
    valueAt: (row, column) => kept[row]![column],
    areEvents: rows.areEvents,
  };
}

/** Events of the same time are in the order in which they arrived, or in the reverse. */
function sortsByTime(commands: readonly Command[]): 'ascending' | undefined {
  const last = commands.findLast(({ kind }) => kind === 'sort');
  const key = last?.kind === 'sort' ? last.keys[0] : undefined;
  return key?.name === '@timestamp' && !key.isDescending ? 'ascending' : undefined;
}

/**
 * The columns of the answer: those of `display`, else of `stats`, else of `fields` and `parse`. AWS: events also have
 * a pointer, and without any of these commands their time and message.
 */
function shownColumns(commands: readonly Command[]): string[] {
  let shown: string[] = [];
  let isDisplayed = false;
  let areEvents = true;
  for (const command of commands) {
    if (command.kind === 'display') {
      shown = command.columns.map(({ name }) => name);
      isDisplayed = true;
    } else if (command.kind === 'stats') {
      shown = [...command.by, ...command.columns].map(({ name }) => name);
      [isDisplayed, areEvents] = [false, false];
    } else if (!isDisplayed && command.kind === 'fields') {
      shown.push(...command.columns.map(({ name }) => name));
    } else if (!isDisplayed && command.kind === 'parse') {
      if (shown.length === 0) shown = ['@timestamp', '@message'];
      shown.push(...command.names);
    }
  }
  if (shown.length === 0) shown = ['@timestamp', '@message'];
  return [...new Set(areEvents ? [...shown.filter((name) => name !== '@ptr'), '@ptr'] : shown)];
}

/** The names that the commands read, and the shown columns. */
function neededNames(commands: readonly Command[], shown: readonly string[]): string[] {
  const names = new Set(shown);
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const expression = value as Partial<Expression>;
    if (expression.kind === 'field') names.add((expression as { name: string }).name);
    if (expression.kind === 'call' && (expression as { name: string }).name === 'bin')
      names.add('@timestamp');
    for (const part of Object.values(value)) visit(part);
  };
  visit(commands);
  if (commands.some(({ kind }) => kind === 'stats')) names.add('@timestamp');
  return [...names];
}

/** The bytes of one value of a result besides its text. */
const RESULT_VALUE = 64;

function resultsOf(
  { columns, rows, valueAt }: Table,
  shown: readonly string[],
  memory: QueryMemory,
): Pick<QueryOutcome, 'rows' | 'characters'> {
  const places = shown.map((name) => columns.findIndex((column) => column.name === name));
  const results: QueryOutcome['rows'] = [];
  let characters = 0;
  for (let row = 0; row < rows; row++) {
    const result: [string, string][] = [];
    for (const [index, place] of places.entries()) {
      const value = place < 0 ? undefined : valueAt(row, place);
      if (value === undefined) continue;
      const text = columns[place]!.isTime ? timeText(value) : textOf(value);
      // The text of a text is the same.
      memory.take(text === value ? RESULT_VALUE : RESULT_VALUE + sizeOf(text));
      characters += text.length;
      result.push([shown[index]!, text]);
    }
    if (characters > MOST_CHARACTERS) break;
    results.push(result);
  }
  return { rows: results, characters };
}
