// application/x-www-form-urlencoded bodies as the tree that dotted names describe: `Tags.Tag.1.Key=a`.
// Knows no schema. Bounded in the number of parameters and in depth.

import { Fault } from './fault.ts';
import { decodeUtf8 } from './text.ts';

export interface FormNode {
  /** Present when a value was given for this very name. */
  value?: string;
  children?: Map<string, FormNode>;
}

/** 1,000 metrics with everything that they may have; a request that has more than this many is none of a client's. */
const MAX_PARAMETERS = 30_000;
const MAX_DEPTH = 40;

/** Later values replace earlier ones of the same name. Throws a Fault (MalformedQueryString, 404 as on AWS). */
export function parseForm(...texts: string[]): FormNode {
  const root: FormNode = {};
  let parameters = 0;
  for (const text of texts) {
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('&', start);
      const pair = text.slice(start, end < 0 ? undefined : end);
      start = end < 0 ? text.length : end + 1;
      if (pair === '') continue;
      if (++parameters > MAX_PARAMETERS) throw malformedForm('has too many parameters');
      const equals = pair.indexOf('=');
      const name = unescapeForm(equals < 0 ? pair : pair.slice(0, equals));
      place(root, name, equals < 0 ? '' : unescapeForm(pair.slice(equals + 1)));
    }
  }
  return root;
}

function place(root: FormNode, name: string, value: string): void {
  let node = root;
  let depth = 0;
  for (let start = 0; start <= name.length; ) {
    if (++depth > MAX_DEPTH) throw malformedForm('has a parameter that is nested too deeply');
    const dot = name.indexOf('.', start);
    const segment = name.slice(start, dot < 0 ? undefined : dot);
    start = dot < 0 ? name.length + 1 : dot + 1;
    node.children ??= new Map();
    let child = node.children.get(segment);
    if (!child) node.children.set(segment, (child = {}));
    node = child;
  }
  node.value = value;
}

const PLUS = 0x2b;
const PERCENT = 0x25;
const BLANK = 0x20;

/** Byte by byte: a replacement of characters in a string takes a hundred times as long where there are many. */
function unescapeForm(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === PERCENT) {
      bytes[length++] = (digitOf(bytes[at + 1]) << 4) | digitOf(bytes[at + 2]);
      at += 2;
    } else bytes[length++] = byte === PLUS ? BLANK : byte;
  }
  return decodeUtf8(bytes.subarray(0, length), () => malformedForm('contains a syntax error'));
}

/** Of a hexadecimal digit's character. */
function digitOf(character = 0): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  throw malformedForm('contains a syntax error');
}

// AWS: the common errors of its query APIs give this code with HTTP status 404.
export const malformedForm = (what: string): Fault =>
  new Fault('MalformedQueryString', `The query string ${what}`, { status: 404 });
