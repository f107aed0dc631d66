// Parses a query: commands with bars in between, each by its row in a table.

import { Cursor } from './cursor.ts';
import { nameOf, parseColumn, parseExpression } from './expressions.ts';
import { MalformedQuery } from './malformed.ts';
import { globExpression, groupsOf, regularExpression } from './regular-expression.ts';
import type { Command, Expression, Query, SortKey } from './syntax.ts';

type Parser = (cursor: Cursor, start: number) => Command;

/** Every command that Millpond runs. */
const COMMANDS: Readonly<Record<string, Parser>> = {
  source: (cursor, start) => ({
    kind: 'source',
    selection: selection(cursor),
    place: cursor.placeFrom(start),
  }),
  fields: (cursor, start) => ({
    kind: 'fields',
    columns: cursor.list(() => parseColumn(cursor)),
    place: cursor.placeFrom(start),
  }),
  display: (cursor, start) => ({
    kind: 'display',
    columns: cursor.list(() => parseColumn(cursor)),
    place: cursor.placeFrom(start),
  }),
  filter: (cursor, start) => ({
    kind: 'filter',
    condition: parseExpression(cursor),
    place: cursor.placeFrom(start),
  }),
  stats(cursor, start) {
    const columns = cursor.list(() => parseColumn(cursor));
    const by = cursor.take('by') ? cursor.list(() => parseColumn(cursor)) : [];
    return { kind: 'stats', columns, by, place: cursor.placeFrom(start) };
  },
  sort: (cursor, start) => ({
    kind: 'sort',
    keys: cursor.list(() => sortKey(cursor)),
    place: cursor.placeFrom(start),
  }),
  limit(cursor, start) {
    const token = cursor.requireKind('number');
    const count = Number(token.text);
    if (!Number.isInteger(count) || count < 1) throw cursor.unexpected(token);
    return { kind: 'limit', count, place: cursor.placeFrom(start) };
  },
  dedup: (cursor, start) => ({
    kind: 'dedup',
    columns: cursor.list(() => parseColumn(cursor)),
    place: cursor.placeFrom(start),
  }),
  parse: parseCommand,
};
const SAME_AS: Readonly<Record<string, string>> = { order: 'sort', head: 'limit' };

/** AWS's other commands, which Millpond refuses by name. */
const OTHERS = [
  ...['anomaly', 'append', 'diff', 'eval', 'filterindex', 'join', 'lookup', 'pattern', 'search', 'tail'],
  ...['unmask', 'unnest', 'compare', 'relevantfields', 'appendcols', 'geoip', 'estimate'],
];

/** Each stage of a query is compiled with what later ones need. */
const MOST_COMMANDS = 100;

/** Throws MalformedQuery. */
export function parseQuery(text: string): Query {
  const cursor = new Cursor(text);
  const commands: Command[] = [];
  if (cursor.token.kind === 'end') return { commands };
  do {
    if (commands.length >= MOST_COMMANDS) {
      throw new MalformedQuery('The query has too many commands.', cursor.token);
    }
    commands.push(command(cursor));
  } while (cursor.take('|'));
  cursor.requireKind('end');
  checkNames(commands);
  return { commands };
}

function command(cursor: Cursor): Command {
  const token = cursor.requireKind('name');
  const word = token.text.toLowerCase();
  const name = SAME_AS[word] ?? word;
  const isKnown = !token.isQuoted && Object.hasOwn(COMMANDS, name);
  if (isKnown) return COMMANDS[name]!(cursor, token.start);
  if (!OTHERS.includes(word)) throw cursor.unexpected(token);
  throw new MalformedQuery(`Millpond does not run the command ${token.text}.`, cursor.placeFrom(token.start));
}

/** AWS: `Ephemeral field is already defined` for a name that an earlier command gave (public reports). */
function checkNames(commands: readonly Command[]): void {
  const given = new Set<string>();
  for (const command of commands) {
    const names =
      command.kind === 'fields' || command.kind === 'display'
        ? command.columns.flatMap(({ name, isNamed }) => (isNamed ? [name] : []))
        : command.kind === 'parse'
          ? command.names
          : [];
    for (const name of names) {
      if (given.has(name))
        throw new MalformedQuery(`Ephemeral field is already defined: ${name}`, command.place);
      given.add(name);
    }
    // The columns of `stats` replace all fields.
    if (command.kind === 'stats') given.clear();
  }
}

function sortKey(cursor: Cursor): SortKey {
  const { start } = cursor.token;
  const expression = parseExpression(cursor);
  const name = nameOf(expression, cursor.query.slice(start, expression.place.end));
  const isDescending = cursor.take('desc');
  if (!isDescending) cursor.take('asc');
  return { expression, name, isDescending };
}

/** `parse FIELD "glob *" as NAME, …` or `parse FIELD /regular expression/`. Without a field it reads @message. */
function parseCommand(cursor: Cursor, start: number): Command {
  const isOfMessage = cursor.token.kind === 'text' || cursor.token.kind === 'pattern';
  const field: Expression = isOfMessage
    ? { kind: 'field', name: '@message', place: cursor.token }
    : fieldOf(cursor);
  const token = cursor.requireKind('text', 'pattern');
  const given = cursor.take('as') ? cursor.list(() => cursor.requireKind('name').text) : undefined;
  const place = cursor.placeFrom(start);
  if (token.kind === 'text') {
    const { captures } = globExpression(token.text, token);
    if (!given) throw cursor.unexpected();
    if (given.length !== captures) {
      throw new MalformedQuery(
        `The number of wildcards and of fields must be equal: ${captures} and ${given.length}`,
        place,
      );
    }
    return { kind: 'parse', field, glob: token.text, names: given, place };
  }
  const pattern = regularExpression(token.text, { start: token.start, end: token.end });
  const groups = groupsOf(pattern);
  const names = given ?? groups.flatMap((name) => name ?? []);
  if (names.length === 0 || names.length > groups.length) {
    throw new MalformedQuery('The regular expression must have a named group for each field.', place);
  }
  return { kind: 'parse', field, pattern, names, place };
}

function fieldOf(cursor: Cursor): Expression {
  const { text, start, end } = cursor.requireKind('name');
  return { kind: 'field', name: text, place: { start, end } };
}

/** `SOURCE "name"`, as in dashboards, or `SOURCE logGroups(namePrefix: ["a"], class: "STANDARD")`. */
function selection(cursor: Cursor) {
  if (cursor.token.kind === 'text') return { names: cursor.list(() => cursor.requireKind('text').text) };
  cursor.require('loggroups');
  cursor.require('(');
  const found: { prefixes: string[]; logGroupClass?: string } = { prefixes: [] };
  while (!cursor.take(')')) {
    const key = cursor.requireKind('name');
    cursor.require(':');
    const values = listOrText(cursor);
    if (/^namePrefix$/i.test(key.text)) found.prefixes.push(...values);
    else if (/^class$/i.test(key.text)) found.logGroupClass = values[0]!;
    else throw new MalformedQuery(`Millpond does not know ${key.text} of SOURCE.`, key);
    if (!cursor.is(')')) cursor.require(',');
  }
  return found;
}

function listOrText(cursor: Cursor): string[] {
  if (!cursor.take('[')) return [cursor.requireKind('text').text];
  const values = cursor.list(() => cursor.requireKind('text').text);
  cursor.require(']');
  return values;
}
