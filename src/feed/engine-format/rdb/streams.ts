// Streams in dumps: their entries, in listpacks. Consumer groups are skipped: they are no part of the value. Redis:
// src/t_stream.c, `streamAppendItem`, for the listpacks; src/rdb.c for the rest.

import { FormatError } from '../format-error.ts';
import { listpackElements } from './compact.ts';
import type { Input, Reading } from './input.ts';
import type { ValueBuilder } from './value-builder.ts';

const DELETED = 1;
const SAME_FIELDS = 2;

/** An engine's own limit is 4096 bytes unless it is configured otherwise. */
const LARGEST_NODE = 8 * 1024 * 1024;

/** @param version Of the encoding, `RDB_TYPE_STREAM_LISTPACKS` being 1. */
export function* readStream(input: Input, builder: ValueBuilder, version: 1 | 2 | 3): Reading<void> {
  builder.begin('stream');
  for (let left = yield* input.length(); left > 0; left--) {
    const id = yield* input.shortString();
    const node = yield* input.string();
    if (!(node instanceof Uint8Array)) builder.opaque(node);
    else if (node.length > LARGEST_NODE) builder.opaque(node as Buffer);
    else {
      const parts: Buffer[] = [];
      listpackElements(node as Buffer, (part) => parts.push(part));
      addEntries(id, parts, builder);
    }
  }
  // The number of entries and the last id; the first id, the last deleted id and how many were added.
  yield* skipLengths(input, version === 1 ? 3 : 8);
  for (let left = yield* input.length(); left > 0; left--) yield* skipGroup(input, version);
}

function* skipGroup(input: Input, version: number): Reading<void> {
  yield* input.string();
  yield* skipLengths(input, version === 1 ? 2 : 3);
  // Pending entries: an id, a time, a count.
  for (let left = yield* input.length(); left > 0; left--) {
    yield* skipBytes(input, 16 + 8);
    yield* input.length();
  }
  for (let left = yield* input.length(); left > 0; left--) {
    yield* input.string();
    yield* skipBytes(input, version === 3 ? 16 : 8);
    for (let pending = yield* input.length(); pending > 0; pending--) yield* skipBytes(input, 16);
  }
}

function* skipLengths(input: Input, count: number): Reading<void> {
  for (let left = count; left > 0; left--) yield* input.length();
}

function* skipBytes(input: Input, bytes: number): Reading<void> {
  yield* input.need(bytes);
  input.at += bytes;
}

/**
 * The entries of a listpack. It begins with how many there are, how many are deleted, and the fields that most have; ids
 * are relative to the node's.
 */
function addEntries(node: Buffer, parts: readonly Buffer[], builder: ValueBuilder): void {
  if (node.length !== 16) throw malformed();
  const milliseconds = node.readBigUInt64BE(0);
  const sequence = node.readBigUInt64BE(8);
  let at = 0;
  const next = (): Buffer => {
    const part = parts[at++];
    if (!part) throw malformed();
    return part;
  };
  const number = (): number => {
    const value = Number(next().toString('latin1'));
    if (!Number.isInteger(value) || value < 0 || value > parts.length) throw malformed();
    return value;
  };
  number();
  number();
  const shared = Array.from({ length: number() }, next);
  next();
  while (at < parts.length) {
    const flags = number();
    const id = `${relative(milliseconds, next())}-${relative(sequence, next())}`;
    const fields: Buffer[] = [];
    if ((flags & SAME_FIELDS) !== 0) for (const field of shared) fields.push(field, next());
    else for (let left = 2 * number(); left > 0; left--) fields.push(next());
    // How many elements the entry has, to be read backwards.
    next();
    if ((flags & DELETED) === 0) builder.entry(id, fields);
  }
}

/** Ids are numbers of 64 bits, which may wrap around. */
function relative(base: bigint, difference: Buffer): bigint {
  const digits = difference.toString('latin1');
  if (!/^-?\d{1,20}$/.test(digits)) throw malformed();
  return BigInt.asUintN(64, base + BigInt(digits));
}

function malformed(): FormatError {
  return new FormatError('malformed', 'The entries of a stream are malformed.');
}
