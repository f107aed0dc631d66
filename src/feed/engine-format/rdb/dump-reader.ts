// A dump of an engine (RDB): keys with their values and digests, as they come. Redis: src/rdb.c, `rdbLoadRio`, of 7.0 to
// 8.4; Valkey's of 8 and 9. Newer types are refused by name, because nothing after them could be read.

import type { Value } from '../../change.ts';
import { FormatError } from '../format-error.ts';
import { Input, type Reading } from './input.ts';
import { skipModuleData } from './modules.ts';
import { ValueBuilder } from './value-builder.ts';
import { isType, readValue } from './values.ts';

/** What a dump contains. */
export type DumpItem =
  | {
      kind: 'key';
      database: number;
      key: Buffer;
      /** Milliseconds since the epoch; it may have passed. */
      expiresAt?: number;
      /** `other` when it is larger than the limit, or a module's. Its parts are slices of the chunks. */
      value: Value;
      digest: bigint;
    }
  /** How many keys the database has, about; how many of them expire. */
  | { kind: 'size'; database: number; keys: number; expiring: number }
  /** `repl-id`, `redis-ver`… */
  | { kind: 'note'; name: string; text: string }
  /** Everything was read, and the check sum is right. */
  | { kind: 'end' };

/** The most bytes of a value that is handed out. Larger ones only have their digest. */
export const VALUE_BYTES = 64 * 1024 * 1024;

/** Valkey's formats from 9.0 on. Redis has no version this high. */
const FIRST_OF_VALKEY = 80;
const HEADER_BYTES = 9;

/** Reads a dump: `push` a chunk, then call `next` until it returns `undefined`. Throws a FormatError. */
export class DumpReader {
  readonly #input: Input;
  readonly #builder: ValueBuilder;
  readonly #steps: Generator<DumpItem | undefined, void, undefined>;
  #database = 0;
  #version = 0;
  #isValkey = false;
  #expiresAt: number | undefined;
  #isDone = false;

  /** @param valueBytes Larger values only have their digest. */
  constructor(valueBytes = VALUE_BYTES) {
    this.#input = new Input(valueBytes);
    this.#builder = new ValueBuilder(valueBytes);
    this.#steps = this.#read();
  }

  push(chunk: Buffer): void {
    if (this.#isDone && chunk.length > 0) throw new FormatError('malformed', 'Bytes follow a dump.');
    this.#input.push(chunk);
  }

  next(): DumpItem | undefined {
    return this.#steps.next().value ?? undefined;
  }

  /** No more chunks come. Throws unless the dump was read to its end. */
  finish(): void {
    if (!this.#isDone) throw new FormatError('malformed', 'A dump ends before its end.');
  }

  *#read(): Generator<DumpItem | undefined, void, undefined> {
    const input = this.#input;
    yield* this.#header();
    for (;;) {
      const code = input.at < input.data.length ? (input.data[input.at++] as number) : yield* input.byte();
      if (isType(code)) {
        const key = input.stringNow() ?? (yield* input.shortString());
        yield* readValue(code, input, this.#builder, this.#isValkey);
        const { value, digest } = this.#builder.end(this.#expiresAt);
        const expiresAt = this.#expiresAt;
        this.#expiresAt = undefined;
        const database = this.#database;
        yield { kind: 'key', database, key, ...(expiresAt !== undefined && { expiresAt }), value, digest };
      } else if (code === 255) break;
      else {
        const item = yield* this.#opcode(code);
        if (item) yield item;
      }
    }
    if (this.#version >= 5) {
      yield* input.need(8);
      if (!input.isSum()) throw new FormatError('checksum', 'The check sum of a dump is wrong.');
      input.at += 8;
    }
    if (input.left > 0) throw new FormatError('malformed', 'Bytes follow a dump.');
    this.#isDone = true;
    yield { kind: 'end' };
  }

  *#header(): Reading<void> {
    const input = this.#input;
    yield* input.need(HEADER_BYTES);
    const header = input.data.toString('latin1', 0, HEADER_BYTES);
    input.at = HEADER_BYTES;
    const [, magic, version] = /^(REDIS|VALKEY)(\d+)$/.exec(header) ?? [];
    if (magic === undefined) throw new FormatError('unknown', 'A dump begins with neither REDIS nor VALKEY.');
    this.#version = Number(version);
    this.#isValkey = magic === 'VALKEY' || this.#version >= FIRST_OF_VALKEY;
  }

  *#opcode(code: number): Reading<DumpItem | undefined> {
    const input = this.#input;
    const database = this.#database;
    switch (code) {
      case 254:
        this.#database = yield* input.length();
        return undefined;
      case 253:
        yield* input.need(4);
        input.at += 4;
        this.#expiresAt = input.data.readInt32LE(input.at - 4) * 1000;
        return undefined;
      case 252:
        yield* input.need(8);
        input.at += 8;
        this.#expiresAt = Number(input.data.readBigInt64LE(input.at - 8));
        return undefined;
      case 251:
        return { kind: 'size', database, keys: yield* input.length(), expiring: yield* input.length() };
      case 250: {
        const name = (yield* input.shortString()).toString();
        return { kind: 'note', name, text: (yield* input.shortString()).toString() };
      }
      case 249:
        yield* input.byte();
        return undefined;
      case 248:
        yield* input.length();
        return undefined;
      default:
        yield* this.#skip(code);
        return undefined;
    }
  }

  /** What has nothing to do with keys. */
  *#skip(code: number): Reading<void> {
    const input = this.#input;
    switch (code) {
      case 247: // A module's own data: its id, and twice when it is loaded.
        for (let left = 3; left > 0; left--) yield* input.length();
        yield* skipModuleData(input);
        return;
      case 246: // A function before the release of 7.0: name, engine, description, code.
        yield* input.string();
        yield* input.string();
        if ((yield* input.length()) !== 0) yield* input.string();
        yield* input.string();
        return;
      case 245: // A library of functions.
        yield* input.string();
        return;
      case 244: // A slot and its sizes.
        for (let left = 3; left > 0; left--) yield* input.length();
        return;
      case 243:
        yield* this.#isValkey ? this.#skipImport() : this.#skipKeyMetadata();
        return;
      default:
        throw new FormatError('unknown', `A dump has the unknown type or opcode ${code}.`);
    }
  }

  /** Valkey 9: slots that are being imported, by the name of the job and ranges. */
  *#skipImport(): Reading<void> {
    const input = this.#input;
    yield* input.string();
    for (let left = yield* input.length(); left > 0; left--) {
      yield* input.length();
      yield* input.length();
    }
  }

  /** Redis 8.4: what modules keep with the next key. */
  *#skipKeyMetadata(): Reading<void> {
    const input = this.#input;
    for (let left = yield* input.length(); left > 0; left--) {
      yield* input.need(4);
      input.at += 4;
      yield* skipModuleData(input);
    }
  }
}

/** A payload of DUMP, as RESTORE gets it. Throws a FormatError. */
export function readDumpedValue(
  payload: Buffer,
  expiresAt?: number,
  valueBytes = VALUE_BYTES,
): { value: Value; digest: bigint } {
  // After the value: the version in two bytes, and the check sum.
  const end = payload.length - 10;
  if (end < 1) throw new FormatError('malformed', 'A dumped value is too short.');
  const input = new Input(valueBytes);
  input.push(payload);
  input.at = payload.length - 8;
  if (!input.isSum()) throw new FormatError('checksum', 'The check sum of a dumped value is wrong.');
  const body = new Input(valueBytes);
  body.push(payload.subarray(1, end));
  const builder = new ValueBuilder(valueBytes);
  const isValkey = payload.readUInt16LE(end) >= FIRST_OF_VALKEY;
  const steps = readValue(payload[0] as number, body, builder, isValkey);
  if (!steps.next().done || body.left > 0) {
    throw new FormatError('malformed', 'A dumped value does not end where it should.');
  }
  return builder.end(expiresAt);
}
