// Encodes structs as gob: each type is described once in a stream, before its first value. Pure.

import { GobWriter } from './gob-bytes.ts';

/** A struct type: its name, and its fields in their order. */
export interface GobStruct {
  name: string;
  fields: readonly { name: string; type: GobFieldType }[];
}

/** The types that fields can have here. */
export type GobFieldType = 'bytes' | 'int' | 'string' | 'uint' | GobStruct;

/** A value of a struct. An absent field has its type's zero value. */
export interface GobRecord {
  readonly [field: string]: Buffer | GobRecord | number | string | undefined;
}

/** The ids that gob gives to Go's own types. */
const BASIC = { bytes: 5, int: 2, string: 6, uint: 3 } as const;
const FIRST_OWN_ID = 65;
/** The fields of gob's own types, counted from the one before. */
const [STRUCT_OF_WIRE_TYPE, NEXT_FIELD, END] = [3, 1, 0];

/** The encoder of one stream. */
export class GobEncoder {
  readonly #ids = new Map<GobStruct, number>();

  /** The messages of a value, with those that describe its types where they are new. */
  encode(type: GobStruct, value: GobRecord): Buffer {
    const descriptions: Buffer[] = [];
    const id = this.#idOf(type, descriptions);
    const message = new GobWriter().int(id);
    this.#write(message, type, value);
    return Buffer.concat([...descriptions, message.message()]);
  }

  #idOf(type: GobFieldType, descriptions: Buffer[]): number {
    if (typeof type === 'string') return BASIC[type];
    const known = this.#ids.get(type);
    if (known !== undefined) return known;
    const id = FIRST_OWN_ID + this.#ids.size;
    this.#ids.set(type, id);
    const fields = type.fields.map((field) => ({
      name: field.name,
      id: this.#idOf(field.type, descriptions),
    }));
    descriptions.push(description(id, type.name, fields));
    return id;
  }

  #write(to: GobWriter, { fields }: GobStruct, value: GobRecord): void {
    let last = -1;
    for (const [index, { name, type }] of fields.entries()) {
      const content = value[name];
      if (isZero(content)) continue;
      to.uint(index - last);
      last = index;
      if (typeof type !== 'string') this.#write(to, type, content as GobRecord);
      else if (type === 'int') to.int(content as number);
      else if (type === 'uint') to.uint(content as number);
      else if (type === 'string') to.string(content as string);
      else to.bytes(content as Buffer);
    }
    to.uint(END);
  }
}

/** Zero values are not sent. */
const isZero = (value: GobRecord[string]): boolean =>
  value === undefined || value === 0 || value === '' || (Buffer.isBuffer(value) && value.length === 0);

function description(id: number, name: string, fields: readonly { name: string; id: number }[]): Buffer {
  const message = new GobWriter().int(-id).uint(STRUCT_OF_WIRE_TYPE);
  // The field `CommonType`: name and id.
  message.uint(NEXT_FIELD).uint(NEXT_FIELD).string(name).uint(NEXT_FIELD).int(id).uint(END);
  if (fields.length > 0) {
    message.uint(NEXT_FIELD).uint(fields.length);
    for (const field of fields) {
      message.uint(NEXT_FIELD).string(field.name).uint(NEXT_FIELD).int(field.id).uint(END);
    }
  }
  return message.uint(END).uint(END).message();
}
