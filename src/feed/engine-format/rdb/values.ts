// The values of a dump: what follows a key, by its type. Types and their numbers: rdb.h of Redis 7.0 to 8.4 and of Valkey
// 7.2 to 9.1; how they are written: `rdbSaveObject` in rdb.c.

import { FormatError } from '../format-error.ts';
import {
  type Elements,
  intsetElements,
  listpackElements,
  ziplistElements,
  zipmapElements,
} from './compact.ts';
import type { Input, Reading } from './input.ts';
import { skipModuleValue } from './modules.ts';
import { readStream } from './streams.ts';
import type { ValueBuilder } from './value-builder.ts';

/** Reads the value of a type into a builder. */
type Reader = (input: Input, builder: ValueBuilder) => Reading<void>;

const READERS: Readonly<Record<number, Reader>> = {
  0: readString,
  1: (input, builder) => readPlain(input, builder, 'list'),
  2: (input, builder) => readPlain(input, builder, 'set'),
  3: (input, builder) => readZset(input, builder, textScore),
  4: readHash,
  5: (input, builder) => readZset(input, builder, binaryScore),
  7: skipModuleValue,
  9: (input, builder) => readCompact(input, builder, 'hash', zipmapElements),
  10: (input, builder) => readCompact(input, builder, 'list', ziplistElements),
  11: (input, builder) => readCompact(input, builder, 'set', intsetElements),
  12: (input, builder) => readCompact(input, builder, 'zset', ziplistElements),
  13: (input, builder) => readCompact(input, builder, 'hash', ziplistElements),
  14: (input, builder) => readQuicklist(input, builder, ziplistElements),
  15: (input, builder) => readStream(input, builder, 1),
  16: (input, builder) => readCompact(input, builder, 'hash', listpackElements),
  17: (input, builder) => readCompact(input, builder, 'zset', listpackElements),
  18: (input, builder) => readQuicklist(input, builder, undefined),
  19: (input, builder) => readStream(input, builder, 2),
  20: (input, builder) => readCompact(input, builder, 'set', listpackElements),
  21: (input, builder) => readStream(input, builder, 3),
  // Redis 7.4: hashes whose fields expire; 22 and 23 of its release candidates.
  22: (input, builder) => readHashWithExpiries(input, builder, false),
  23: (input, builder) => readCompact(input, builder, 'hash', withoutExpiries),
  24: (input, builder) => readHashWithExpiries(input, builder, true),
  *25(input, builder) {
    yield* skip(input, 8);
    yield* readCompact(input, builder, 'hash', withoutExpiries);
  },
};

/** Valkey 9 gives 22 a meaning of its own, and has no types from 23 to 25. */
const OF_VALKEY: Readonly<Record<number, Reader | undefined>> = {
  ...READERS,
  22: readValkeyHash,
  23: undefined,
  24: undefined,
  25: undefined,
};

/**
 * Reads the value of the type with this number. Throws a FormatError.
 *
 * @param isValkey It was written by Valkey 9 or newer.
 */
export function readValue(
  type: number,
  input: Input,
  builder: ValueBuilder,
  isValkey: boolean,
): Reading<void> {
  const reader = (isValkey ? OF_VALKEY : READERS)[type];
  if (!reader) throw new FormatError('unknown', `A dump has a value of the unknown type ${type}.`);
  return reader(input, builder);
}

/** Whether a byte is the type of a value, not an opcode. */
export function isType(byte: number): boolean {
  return READERS[byte] !== undefined;
}

function* readString(input: Input, builder: ValueBuilder): Reading<void> {
  builder.begin('string');
  builder.next(input.stringNow() ?? (yield* input.string()));
}

function* readPlain(input: Input, builder: ValueBuilder, type: 'list' | 'set'): Reading<void> {
  builder.begin(type);
  for (let left = yield* input.length(); left > 0; left--) {
    const part = input.stringNow() ?? (yield* input.string());
    if (type === 'list') builder.next(part);
    else builder.member(part);
  }
}

function* readHash(input: Input, builder: ValueBuilder): Reading<void> {
  builder.begin('hash');
  for (let left = yield* input.length(); left > 0; left--) {
    const field = input.stringNow() ?? (yield* input.string());
    builder.field(field, input.stringNow() ?? (yield* input.string()));
  }
}

/** When a field expires is not part of the value. */
function* readHashWithExpiries(input: Input, builder: ValueBuilder, hasLeast: boolean): Reading<void> {
  builder.begin('hash');
  if (hasLeast) yield* skip(input, 8);
  for (let left = yield* input.length(); left > 0; left--) {
    yield* input.length();
    const field = input.stringNow() ?? (yield* input.string());
    builder.field(field, input.stringNow() ?? (yield* input.string()));
  }
}

function* readValkeyHash(input: Input, builder: ValueBuilder): Reading<void> {
  builder.begin('hash');
  for (let left = yield* input.length(); left > 0; left--) {
    const field = input.stringNow() ?? (yield* input.string());
    builder.field(field, input.stringNow() ?? (yield* input.string()));
    yield* skip(input, 8);
  }
}

/** Of a listpack of fields, values and times: the fields and values. */
function withoutExpiries(bytes: Buffer, add: (element: Buffer) => void): void {
  let index = 0;
  listpackElements(bytes, (element) => {
    if (index++ % 3 !== 2) add(element);
  });
}

function* readZset(
  input: Input,
  builder: ValueBuilder,
  score: (input: Input) => Reading<number>,
): Reading<void> {
  builder.begin('zset');
  for (let left = yield* input.length(); left > 0; left--) {
    const member = input.stringNow() ?? (yield* input.string());
    builder.scored(member, yield* score(input));
  }
}

function* binaryScore(input: Input): Reading<number> {
  yield* input.need(8);
  input.at += 8;
  return input.data.readDoubleLE(input.at - 8);
}

function* textScore(input: Input): Reading<number> {
  const length = yield* input.byte();
  if (length >= 253)
    return [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][length - 253] as number;
  yield* input.need(length);
  input.at += length;
  return scoreOf(input.data.subarray(input.at - length, input.at));
}

function scoreOf(text: Buffer): number {
  const digits = text.toString('latin1');
  const score = /^[+-]?inf$/.test(digits)
    ? Number(digits.replace('inf', 'Infinity'))
    : digits === 'nan'
      ? Number.NaN
      : Number(digits);
  if (digits === '' || (Number.isNaN(score) && digits !== 'nan')) {
    throw new FormatError('malformed', 'The score of a member is no number.');
  }
  return score;
}

function* readQuicklist(input: Input, builder: ValueBuilder, every: Elements | undefined): Reading<void> {
  builder.begin('list');
  for (let left = yield* input.length(); left > 0; left--) {
    // 1: the node is one element. 2: it is a listpack.
    const kind = every ? 2 : yield* input.length();
    const node = input.stringNow() ?? (yield* input.string());
    if (kind === 1) builder.next(node);
    else if (kind !== 2) throw new FormatError('malformed', `A list has a node of the unknown kind ${kind}.`);
    else if (!(node instanceof Uint8Array)) builder.opaque(node);
    else (every ?? listpackElements)(node as Buffer, (element) => builder.next(element));
  }
}

function* readCompact(
  input: Input,
  builder: ValueBuilder,
  type: 'list' | 'set' | 'hash' | 'zset',
  read: Elements,
): Reading<void> {
  builder.begin(type);
  const bytes = input.stringNow() ?? (yield* input.string());
  if (!(bytes instanceof Uint8Array)) {
    builder.opaque(bytes);
    return;
  }
  let first: Buffer | undefined;
  read(bytes as Buffer, (element) => {
    if (type === 'list') builder.next(element);
    else if (type === 'set') builder.member(element);
    else if (!first) first = element;
    else {
      if (type === 'hash') builder.field(first, element);
      else builder.scored(first, scoreOf(element));
      first = undefined;
    }
  });
  if (first) throw new FormatError('malformed', 'A field or a member of a dump has no value or score.');
}

function* skip(input: Input, bytes: number): Reading<void> {
  yield* input.need(bytes);
  input.at += bytes;
}
