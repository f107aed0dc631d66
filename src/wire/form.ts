// Parses application/x-www-form-urlencoded text to a tree by the dots in the names: `Tags.Tag.1.Key=a`. The number of
// parameters and the depth are bounded. It does not use schemas.

import { Fault } from './fault.ts';
import { decodeUtf8 } from './utf8.ts';

/** A segment of dotted names. */
export interface FormNode {
  /** Present when a parameter has exactly this name. */
  value?: string;
  children?: Map<string, FormNode>;
}

/** Enough for 1,000 metrics with all their members, the largest request of real clients. */
const MAX_PARAMETERS = 30_000;
const MAX_DEPTH = 40;

/** The last value of a name counts. Throws a Fault (MalformedQueryString, 404 as on AWS). */
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

/** Works on bytes, which is a hundred times faster than replacing many characters in a string. */
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

/** The value of a hexadecimal digit, given its character code. */
function digitOf(character = 0): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  throw malformedForm('contains a syntax error');
}

/** AWS: the common error MalformedQueryString of the query APIs has the HTTP status 404. */
export const malformedForm = (what: string): Fault =>
  new Fault('MalformedQueryString', `The query string ${what}`, { status: 404 });
