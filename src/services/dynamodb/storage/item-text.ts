// How an item is stored: its JSON as on the wire, in which binaries are base64. An item without binaries, as nearly all
// are, needs no conversion besides JSON's own.

import type { Attributes, Item, Value } from '../domain/values.ts';

/** The stored form of an item. */
export const itemText = (item: Item): string => JSON.stringify(hasBinary(item) ? withText(item) : item);

/** Reads a stored item. */
export function itemOf(text: string): Item {
  const item = JSON.parse(text) as Item;
  return text.includes('"B":"') || text.includes('"BS":[') ? withBytes(item) : item;
}

function hasBinary(attributes: Attributes): boolean {
  for (const name in attributes) if (isBinary(attributes[name]!)) return true;
  return false;
}

function isBinary(value: Value): boolean {
  if ('M' in value) return hasBinary(value.M);
  if ('L' in value) return value.L.some(isBinary);
  return 'B' in value || 'BS' in value;
}

const withText = (attributes: Attributes): object => mapped(attributes, textOf);
const withBytes = (attributes: Attributes): Attributes => mapped(attributes, bytesOf) as Attributes;

/** fromEntries is safe for the name `__proto__`. */
const mapped = (attributes: Attributes, change: (value: Value) => object): object =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, change(value)]));

function textOf(value: Value): object {
  if ('B' in value) return { B: base64(value.B) };
  if ('BS' in value) return { BS: value.BS.map(base64) };
  if ('M' in value) return { M: withText(value.M) };
  return 'L' in value ? { L: value.L.map(textOf) } : value;
}

function bytesOf(value: Value): object {
  if ('B' in value) return { B: Buffer.from(value.B as unknown as string, 'base64') };
  if ('BS' in value) return { BS: value.BS.map((text) => Buffer.from(text as unknown as string, 'base64')) };
  if ('M' in value) return { M: withBytes(value.M) };
  return 'L' in value ? { L: value.L.map(bytesOf) } : value;
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
