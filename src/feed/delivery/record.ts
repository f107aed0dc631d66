// The record of a change: the JSON that functions, topics and queues get, and that paths, filters and transforms look at.
// docs/feeds.md describes it. Pure.

import { isUtf8 } from 'node:buffer';
import type { Change, Value } from '../change.ts';
import type { Column } from '../sink.ts';

/** A change as JSON. Texts that are no valid UTF-8 are in base64, and the member ending in `Encoding` says so. */
export interface ChangeRecord {
  sequence: string;
  cache: string;
  shard?: string;
  database: number;
  key: string;
  keyEncoding?: 'base64';
  eventName: Change['kind'];
  /** The name of the command in upper case, then its arguments. */
  command?: string[];
  commandEncoding?: 'base64';
  type?: Value['type'];
  value?: unknown;
  /** Every text in the value is in base64, names of fields too. */
  valueEncoding?: 'base64';
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * Whether a change is of no single key, as FLUSHALL is where the source does not know the keys. Its key is empty; a command
 * on the key whose name is empty has that name among its arguments.
 */
export const isKeyless = ({ key, command }: Change): boolean =>
  key.length === 0 && command?.every((word) => word.length > 0) === true;

/** The change with only these fields of its hash, and without the arguments of its command, which may name others. */
export function withFields(change: Change, fields: ReadonlySet<string>): Change {
  if (fields.size === 0) return change;
  const { command, value } = change;
  return {
    ...change,
    ...(command && { command: command.slice(0, 2) }),
    ...(value?.type === 'hash' && {
      value: { type: 'hash', fields: value.fields.filter(([name]) => fields.has(name.toString())) },
    }),
  };
}

/** The record of a change. */
export function recordOf(change: Change): ChangeRecord {
  const { sequence, cache, shard, database, kind, at } = change;
  const key = rendered((text) => text(change.key));
  const record: ChangeRecord = {
    sequence,
    cache,
    ...(shard !== undefined && { shard }),
    database,
    key: key.part,
    ...(key.isEncoded && { keyEncoding: 'base64' }),
    eventName: kind,
    at,
  };
  const { command, value } = change;
  if (command) {
    const { part, isEncoded } = rendered((text) => command.map(text));
    record.command = part;
    if (isEncoded) record.commandEncoding = 'base64';
  }
  if (value) {
    const { part, isEncoded } = rendered((text) => jsonOf(value, text));
    record.type = value.type;
    record.value = part;
    if (isEncoded) record.valueEncoding = 'base64';
  }
  return record;
}

/** Renders a part with its texts as they are, or with all of them in base64 when one is no valid UTF-8. */
function rendered<T>(render: (text: (bytes: Buffer) => string) => T): { part: T; isEncoded: boolean } {
  let isText = true;
  const part = render((bytes) => {
    isText &&= isUtf8(bytes);
    return bytes.toString();
  });
  if (isText) return { part, isEncoded: false };
  return { part: render((bytes) => bytes.toString('base64')), isEncoded: true };
}

/** A value with its texts rendered by `text`: the shape of the record's `value`. */
function jsonOf(value: Value, text: (bytes: Buffer) => string): unknown {
  switch (value.type) {
    case 'none':
      return null;
    case 'string':
      return text(value.value);
    case 'list':
      return value.elements.map(text);
    case 'set':
      return value.members.map(text);
    case 'hash':
      return Object.fromEntries(value.fields.map(([name, content]) => [text(name), text(content)]));
    case 'zset':
      return value.members.map(([member, score]) => ({ member: text(member), score: scoreOf(score) }));
    case 'stream':
      return value.entries.map(({ id, fields }) => ({ id, fields: pairsOf(fields.map(text)) }));
    case 'other':
      return { name: value.name };
  }
}

/** JSON has no infinity. */
const scoreOf = (score: number) => (Number.isFinite(score) ? score : score > 0 ? 'inf' : '-inf');

function pairsOf(texts: readonly string[]): Record<string, string> {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) pairs.push([texts[at]!, texts[at + 1]!]);
  return Object.fromEntries(pairs);
}

/** A text, or the bytes where they are none. */
export const columnOf = (bytes: Buffer): string | Buffer => (isUtf8(bytes) ? bytes.toString() : bytes);

/** The same members as the record for the columns of tables: bytes that are no text stay bytes. */
export function columnsOf(change: Change): { [member: string]: Column } {
  const { sequence, cache, shard, database, key, kind, command, value, at } = change;
  return {
    sequence,
    cache,
    shard: shard ?? null,
    database,
    key: columnOf(key),
    eventName: kind,
    command: command?.map(columnOf) ?? null,
    type: value?.type ?? null,
    value: value ? valueColumn(value) : null,
    at,
  };
}

function valueColumn(value: Value): Column {
  switch (value.type) {
    case 'string':
      return columnOf(value.value);
    case 'list':
      return value.elements.map(columnOf);
    case 'set':
      return value.members.map(columnOf);
    case 'hash':
      // A column has a name, so the name of a field that is no text is taken as Latin-1.
      return Object.fromEntries(value.fields.map(([name, content]) => [nameOf(name), columnOf(content)]));
    default:
      return jsonOf(value, (bytes) => bytes.toString()) as Column;
  }
}

const nameOf = (name: Buffer) => name.toString(isUtf8(name) ? 'utf8' : 'latin1');

/** About how many bytes of memory a change needs. */
export function bytesOf({ key, command, value }: Change): number {
  let bytes = 200 + key.length;
  if (command) for (const argument of command) bytes += 40 + argument.length;
  return value ? bytes + bytesOfValue(value) : bytes;
}

function bytesOfValue(value: Value): number {
  const sum = (all: readonly Buffer[]) => all.reduce((total, { length }) => total + 40 + length, 0);
  switch (value.type) {
    case 'string':
      return value.value.length;
    case 'list':
      return sum(value.elements);
    case 'set':
      return sum(value.members);
    case 'hash':
      return value.fields.reduce((total, [name, { length }]) => total + 80 + name.length + length, 0);
    case 'zset':
      return value.members.reduce((total, [member]) => total + 56 + member.length, 0);
    case 'stream':
      return value.entries.reduce((total, { fields }) => total + 40 + sum(fields), 0);
    default:
      return 0;
  }
}

/**
 * The lane of a change: its key's text. The lanes of different keys, and of a key in different databases, differ: other
 * databases and keys that are no text get a prefix that no key of database 0 has as it is.
 */
export function laneOf({ key, database }: Change): string {
  const first = key[0];
  const isPlain = isUtf8(key) && first !== 0 && first !== 1;
  const text = isPlain ? key.toString() : `\u0000${key.toString('base64')}`;
  return database === 0 ? text : `\u0001${database}\u0001${text}`;
}
