// Converts between an operation's values and the trees of objects, arrays and scalars that JSON and CBOR parse to. The
// two formats differ only in their scalars, which each passes as a ScalarForm.

import { Fault } from './fault.ts';
import type { Scalar, Shape } from './schema.ts';
import { WrittenJson } from './written-json.ts';

/** How a format reads and writes scalars. */
export interface ScalarForm {
  /** Throws a Fault or a MalformedValue. */
  read(shape: Scalar, value: unknown): unknown;
  write(shape: Scalar, value: unknown): unknown;
  /** Writes a value that is written already; absent in formats other than JSON. */
  written?(value: WrittenJson): unknown;
}

/** The depth limit of inputs, so that recursive shapes and documents do not exhaust the stack. */
export const MAX_DEPTH = 100;

/** Reads a value of this shape. Drops unknown members and nulls. Throws SerializationException. */
export function readTree(form: ScalarForm, shape: Shape, value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw serialization('The request is nested too deeply.');
  switch (shape.kind) {
    case 'structure': {
      const source = asRecord(value);
      const result: Record<string, unknown> = {};
      // By what is there, not by what could be: a union has one of many members.
      for (const name in source) {
        const member = shape.byName.get(name);
        const content = source[name];
        if (!member || content === undefined || content === null) continue;
        result[name] = readTree(form, member.shape, content, depth + 1);
      }
      return result;
    }
    case 'list': {
      if (!Array.isArray(value)) throw unexpected(value, 'a List');
      const items: unknown[] = [];
      for (const item of value) {
        if (item !== null && item !== undefined) items.push(readTree(form, shape.item, item, depth + 1));
      }
      return items;
    }
    case 'map': {
      const source = asRecord(value);
      const result: Record<string, unknown> = {};
      for (const key in source) {
        const item = source[key];
        if (item !== null && item !== undefined) {
          setOwn(result, key, readTree(form, shape.value, item, depth + 1));
        }
      }
      return result;
    }
    default:
      if (shape.type === 'document') return boundedDocument(value, depth);
      return form.read(shape, value);
  }
}

/** Writes a value of this shape. Omits absent members. */
export function writeTree(form: ScalarForm, shape: Shape, value: unknown): unknown {
  if (value instanceof WrittenJson)
    return form.written ? form.written(value) : writeTree(form, shape, value.read());
  switch (shape.kind) {
    case 'structure': {
      const source = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      // A union has one of many members.
      const members = shape.isUnion
        ? Object.keys(source).flatMap((name) => shape.byName.get(name) ?? [])
        : shape.members;
      for (const member of members) {
        const content = source[member.name];
        if (content === undefined || content === null) continue;
        result[member.name] = writeTree(form, member.shape, content);
      }
      return result;
    }
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) => writeTree(form, shape.item, item));
    case 'map': {
      const source = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      for (const key in source) setOwn(result, key, writeTree(form, shape.value, source[key]));
      return result;
    }
    default:
      return shape.type === 'document' ? value : form.write(shape, value);
  }
}

/** Sets a member, also one named `__proto__`. */
function setOwn(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
}

function boundedDocument(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw serialization('The request is nested too deeply.');
  if (value !== null && typeof value === 'object') {
    for (const item of Object.values(value)) boundedDocument(item, depth + 1);
  }
  return value;
}

function asRecord(value: unknown): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Uint8Array) {
    throw unexpected(value, 'a Structure');
  }
  return value as Record<string, unknown>;
}

/** AWS: a SerializationException for a value of the wrong type: `NUMBER_VALUE can not be converted to a String`. */
export function unexpected(value: unknown, wanted: string): Fault {
  if (Array.isArray(value)) return serialization('Start of list found where not expected');
  if (value !== null && typeof value === 'object') {
    return serialization('Start of structure or map found where not expected');
  }
  const found = typeof value === 'boolean' ? String(value).toUpperCase() : typeof value;
  return serialization(`${found.toUpperCase()}_VALUE can not be converted to ${wanted}`);
}

/** A SerializationException, the error of JSON and CBOR protocols for a body that cannot be read. */
export const serialization = (message: string): Fault => new Fault('SerializationException', message);
