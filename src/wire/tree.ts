// Converts between an operation's values and the trees of objects, arrays and scalars that JSON and CBOR parse to. The
// two formats differ only in their scalars, which each passes as a ScalarForm.

import { Fault } from './fault.ts';
import type { Scalar, Shape } from './schema.ts';

/** How a format reads and writes scalars. */
export interface ScalarForm {
  /** Throws a Fault or a MalformedValue. */
  read(shape: Scalar, value: unknown): unknown;
  write(shape: Scalar, value: unknown): unknown;
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
      for (const member of shape.members) {
        const content = Object.hasOwn(source, member.name) ? source[member.name] : undefined;
        if (content === undefined || content === null) continue;
        result[member.name] = readTree(form, member.shape, content, depth + 1);
      }
      return result;
    }
    case 'list': {
      if (!Array.isArray(value)) throw unexpected(value, 'a List');
      const items = value.filter((item) => item !== null && item !== undefined);
      return items.map((item) => readTree(form, shape.item, item, depth + 1));
    }
    case 'map': {
      const entries = Object.entries(asRecord(value)).filter(
        ([, item]) => item !== null && item !== undefined,
      );
      // fromEntries is safe for the key `__proto__`.
      return Object.fromEntries(
        entries.map(([key, item]) => [key, readTree(form, shape.value, item, depth + 1)]),
      );
    }
    default:
      if (shape.type === 'document') return boundedDocument(value, depth);
      return form.read(shape, value);
  }
}

/** Writes a value of this shape. Omits absent members. */
export function writeTree(form: ScalarForm, shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'structure': {
      const source = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      for (const member of shape.members) {
        const content = source[member.name];
        if (content === undefined || content === null) continue;
        result[member.name] = writeTree(form, member.shape, content);
      }
      return result;
    }
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) => writeTree(form, shape.item, item));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, writeTree(form, shape.value, item)]),
      );
    default:
      return shape.type === 'document' ? value : form.write(shape, value);
  }
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
