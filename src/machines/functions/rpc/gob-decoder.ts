// Decodes a stream of gob: structs, maps, slices, arrays, texts, bytes and numbers. Complex numbers and interfaces are
// refused. The bytes may come from a hostile program: nesting, lengths, and the numbers of values and types are bounded.
// Pure.

import { GobCursor, GobError, GobTooLong } from './gob-bytes.ts';

/** A decoded value. A struct has those of its fields that are not zero. Bytes are views of the message. */
export type GobValue =
  | Buffer
  | boolean
  | number
  | string
  | readonly GobValue[]
  | ReadonlyMap<GobValue, GobValue>
  | GobObject;

/** A decoded struct, without a prototype. */
export interface GobObject {
  readonly [field: string]: GobValue | undefined;
}

type Type =
  | { kind: 'bool' | 'bytes' | 'float' | 'int' | 'refused' | 'string' | 'uint' }
  | { kind: 'list'; of: number }
  | { kind: 'map'; key: number; of: number }
  | { kind: 'struct'; fields: readonly { name: string; of: number }[] };

const MOST_TYPES = 200;
const MOST_FIELDS = 200;
const MOST_VALUES = 20_000;
const DEEPEST = 32;

const struct = (...fields: [name: string, of: number][]): Type => ({
  kind: 'struct',
  fields: fields.map(([name, of]) => ({ name, of })),
});

const [INT, STRING, WIRE_TYPE, COMMON, GOB_ENCODER] = [2, 6, 16, 18, 24];
/** The types that every stream knows, with gob's ids: Go's own, then those that describe types. */
const KNOWN: readonly [number, Type][] = [
  [1, { kind: 'bool' }],
  [INT, { kind: 'int' }],
  [3, { kind: 'uint' }],
  [4, { kind: 'float' }],
  [5, { kind: 'bytes' }],
  [STRING, { kind: 'string' }],
  [7, { kind: 'refused' }],
  [8, { kind: 'refused' }],
  [
    WIRE_TYPE,
    struct(
      ['ArrayT', 17],
      ['SliceT', 19],
      ['StructT', 20],
      ['MapT', 23],
      ['GobEncoderT', GOB_ENCODER],
      ['BinaryMarshalerT', GOB_ENCODER],
      ['TextMarshalerT', GOB_ENCODER],
    ),
  ],
  [17, struct(['CommonType', COMMON], ['Elem', INT], ['Len', INT])],
  [COMMON, struct(['Name', STRING], ['Id', INT])],
  [19, struct(['CommonType', COMMON], ['Elem', INT])],
  [20, struct(['CommonType', COMMON], ['Field', 22])],
  [21, struct(['Name', STRING], ['Id', INT])],
  [22, { kind: 'list', of: 21 }],
  [23, struct(['CommonType', COMMON], ['Key', INT], ['Elem', INT])],
  [GOB_ENCODER, struct(['CommonType', COMMON])],
];
const FIRST_OWN_ID = 64;

/** The decoder of one stream. */
export class GobDecoder {
  readonly #mostBytes: number;
  readonly #types = new Map<number, Type>(KNOWN);
  #pieces: Buffer[] = [];
  #held = 0;
  /** The length of the next message with its prefix, once that is known. */
  #wanted = 1;

  /** `mostBytes` is the greatest length of a message. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Takes bytes of the stream. */
  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#held += piece.length;
  }

  /** The next value, or `undefined` until more bytes come. Throws GobError; the stream is of no use then. */
  next(): GobValue | undefined {
    for (;;) {
      const message = this.#message();
      if (!message) return undefined;
      const cursor = new GobCursor(message);
      const id = cursor.int();
      const reader = new ValueReader(cursor, this.#types);
      if (id >= 0) return reader.top(id);
      this.#describe(-id, reader.top(WIRE_TYPE) as GobObject);
    }
  }

  /** The content of the next message, when it is complete. */
  #message(): Buffer | undefined {
    if (this.#held < this.#wanted) return undefined;
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [bytes];
    const prefix = bytes[0]! < 128 ? 1 : 1 + 256 - bytes[0]!;
    if (prefix > 9) throw new GobError('a number is too long');
    if (bytes.length < prefix) return this.#waitFor(prefix);
    const length = new GobCursor(bytes).uint();
    if (length > this.#mostBytes) throw new GobTooLong('a message is too long');
    if (bytes.length < prefix + length) return this.#waitFor(prefix + length);
    const rest = bytes.subarray(prefix + length);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    this.#wanted = 1;
    return bytes.subarray(prefix, prefix + length);
  }

  #waitFor(bytes: number): undefined {
    this.#wanted = bytes;
  }

  #describe(id: number, wire: GobObject): void {
    if (id < FIRST_OWN_ID || this.#types.has(id)) throw new GobError('a type is described twice');
    if (this.#types.size >= MOST_TYPES + KNOWN.length) throw new GobError('there are too many types');
    this.#types.set(id, typeOf(wire));
  }
}

function typeOf(wire: GobObject): Type {
  const { ArrayT, SliceT, StructT, MapT } = wire as Record<string, GobObject | undefined>;
  const id = (value: GobValue | undefined): number => (typeof value === 'number' ? value : 0);
  if (StructT) {
    const fields = (StructT.Field ?? []) as readonly GobObject[];
    if (fields.length > MOST_FIELDS) throw new GobError('a type has too many fields');
    return {
      kind: 'struct',
      fields: fields.map((field) => ({ name: String(field.Name ?? ''), of: id(field.Id) })),
    };
  }
  if (MapT) return { kind: 'map', key: id(MapT.Key), of: id(MapT.Elem) };
  const list = ArrayT ?? SliceT;
  if (list) return { kind: 'list', of: id(list.Elem) };
  // A type that encodes itself is sent as bytes.
  return { kind: 'bytes' };
}

/** Reads the one value of a message. */
class ValueReader {
  readonly #cursor: GobCursor;
  readonly #types: ReadonlyMap<number, Type>;
  #values = 0;

  constructor(cursor: GobCursor, types: ReadonlyMap<number, Type>) {
    this.#cursor = cursor;
    this.#types = types;
  }

  /** The value of a message. One that is no struct follows a zero. */
  top(id: number): GobValue {
    if (this.#types.get(id)?.kind !== 'struct' && this.#cursor.uint() !== 0) {
      throw new GobError('a value has no beginning');
    }
    const value = this.#read(id, 0);
    if (this.#cursor.left > 0) throw new GobError('a message goes on after its value');
    return value;
  }

  #read(id: number, depth: number): GobValue {
    const type = this.#types.get(id);
    this.#values += 1;
    if (!type || type.kind === 'refused') throw new GobError('a type is not known');
    if (depth > DEEPEST) throw new GobError('a value is nested too deeply');
    if (this.#values > MOST_VALUES) throw new GobError('a message has too many values');
    switch (type.kind) {
      case 'bool':
        return this.#cursor.uint() !== 0;
      case 'struct':
        return this.#struct(type.fields, depth);
      case 'list':
        return Array.from({ length: this.#count() }, () => this.#read(type.of, depth + 1));
      case 'map':
        return new Map(
          Array.from({ length: this.#count() }, () => [
            this.#read(type.key, depth + 1),
            this.#read(type.of, depth + 1),
          ]),
        );
      default:
        return this.#cursor[type.kind]();
    }
  }

  /** Every value has at least one byte. */
  #count(): number {
    const count = this.#cursor.uint();
    if (count > Math.min(this.#cursor.left, MOST_VALUES)) throw new GobError('a list ends early');
    return count;
  }

  #struct(fields: readonly { name: string; of: number }[], depth: number): GobObject {
    const value = Object.create(null) as Record<string, GobValue>;
    for (let at = -1; ; ) {
      const step = this.#cursor.uint();
      if (step === 0) return value;
      at += step;
      const field = fields[at];
      if (!field) throw new GobError('a field is not known');
      value[field.name] = this.#read(field.of, depth + 1);
    }
  }
}
