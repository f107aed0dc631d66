// What modules write into dumps, in a form that can be skipped without them. Redis: src/module.c, `moduleTypeNameByID`;
// src/rdb.c, `rdbLoadCheckModuleValue`.

import { FormatError } from '../format-error.ts';
import type { Input, Reading } from './input.ts';
import type { ValueBuilder } from './value-builder.ts';

const NAME_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const END = 0;
const FLOAT = 3;
const DOUBLE = 4;
const STRING = 5;

/** A value: the id of its type, then what the module wrote. */
export function* skipModuleValue(input: Input, builder: ValueBuilder): Reading<void> {
  builder.begin('other', yield* typeName(input));
  yield* skipModuleData(input, builder);
}

/** What the module wrote, up to its end; into the digest where there is a builder. */
export function* skipModuleData(input: Input, builder?: ValueBuilder): Reading<void> {
  for (;;) {
    const kind = yield* input.length();
    if (kind === END) return;
    if (kind > STRING)
      throw new FormatError('malformed', `A module wrote a part of the unknown kind ${kind}.`);
    if (kind === STRING) {
      const part = yield* input.string();
      builder?.opaque(part);
      continue;
    }
    // The bytes as they are: nine for a length at most, which is in one window when it could be read.
    if (kind === FLOAT || kind === DOUBLE) {
      const bytes = kind === FLOAT ? 4 : 8;
      yield* input.need(bytes);
      input.at += bytes;
      builder?.opaque(input.data.subarray(input.at - bytes, input.at));
    } else {
      const bytes = yield* rawLength(input);
      builder?.opaque(bytes);
    }
  }
}

/** The bytes of a length, whose number may be beyond 2^53. */
function* rawLength(input: Input): Reading<Buffer> {
  yield* input.need(1);
  const first = input.data[input.at] as number;
  const bytes = first < 0x40 ? 1 : first < 0x80 ? 2 : first === 0x80 ? 5 : first === 0x81 ? 9 : 0;
  if (bytes === 0) throw new FormatError('malformed', 'A module wrote a number that is none.');
  yield* input.need(bytes);
  input.at += bytes;
  return input.data.subarray(input.at - bytes, input.at);
}

/** Nine characters of six bits each, and ten bits of a version. */
function* typeName(input: Input): Reading<string> {
  const bytes = yield* rawLength(input);
  if (bytes.length !== 9) throw new FormatError('malformed', 'The type of a module has no id of 64 bits.');
  const id = bytes.readBigUInt64BE(1);
  let name = '';
  for (let shift = 58n; shift >= 10n; shift -= 6n) name += NAME_CHARACTERS[Number((id >> shift) & 63n)];
  return name;
}
