// Parses JSON into nodes with places. JSON.parse reports no places, and silently accepts duplicate keys.

import { formatError, TemplateError } from './issues.ts';
import type { Entry, Place, TemplateNode } from './node.ts';
import { addEntry, MAX_DEPTH, MAX_NODES } from './tree-limits.ts';

/** The text for malformed JSON. JSON that is too deep or too large has other texts. */
export const NO_JSON = 'JSON not well-formed.';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;
const WORD = /true|false|null/y;

/** Throws a TemplateError with the place. */
export function parseJson(text: string): TemplateNode {
  const reader = new Reader(text);
  const root = reader.value(0);
  reader.space();
  if (reader.at < text.length) reader.fail();
  return root;
}

class Reader {
  readonly text: string;
  at = 0;
  private made = 0;
  private line = 1;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): TemplateNode {
    this.space();
    const place = this.place();
    if (depth > MAX_DEPTH) throw new TemplateError(formatError('nested too deeply', place));
    if (++this.made > MAX_NODES) throw new TemplateError(formatError('too many values', place));
    const first = this.text[this.at];
    if (first === '{') return this.object(depth, place);
    if (first === '[') return this.list(depth, place);
    if (first === '"') return { kind: 'scalar', value: this.string(), place };
    const word = this.match(WORD);
    if (word) return { kind: 'scalar', value: word === 'null' ? null : word === 'true', place };
    const number = this.match(NUMBER);
    if (number === undefined) this.fail();
    return numberNode(number, place);
  }

  private object(depth: number, place: Place): TemplateNode {
    const entries = new Map<string, Entry>();
    this.at++;
    for (let first = true; !this.takes('}'); first = false) {
      if (!first && !this.takes(',')) this.fail();
      this.space();
      const keyPlace = this.place();
      if (this.text[this.at] !== '"') this.fail();
      const key = this.string();
      if (!this.takes(':')) this.fail();
      addEntry(entries, key, { value: this.value(depth + 1), place: keyPlace });
    }
    return { kind: 'object', entries, place };
  }

  private list(depth: number, place: Place): TemplateNode {
    const items: TemplateNode[] = [];
    this.at++;
    for (let first = true; !this.takes(']'); first = false) {
      if (!first && !this.takes(',')) this.fail();
      items.push(this.value(depth + 1));
    }
    return { kind: 'list', items, place };
  }

  private string(): string {
    const start = this.at;
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    try {
      const value: unknown = JSON.parse(this.text.slice(start, end + 1));
      this.at = end + 1;
      return String(value);
    } catch {
      return this.fail();
    }
  }

  private takes(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  space(): void {
    const found = this.match(SPACE) ?? '';
    for (let index = found.indexOf('\n'); index >= 0; index = found.indexOf('\n', index + 1)) {
      this.line++;
      this.lineStart = this.at - found.length + index + 1;
    }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private place(): Place {
    return { line: this.line, column: this.at - this.lineStart + 1 };
  }

  fail(): never {
    this.space();
    throw new TemplateError(formatError(NO_JSON, this.place()));
  }
}

/**
 * The node of a number. AWS: numbers become strings as Java prints them: 7.0 is "7.0" and 7.10 is "7.1". The node keeps
 * that text when JavaScript would print the number differently.
 */
export function numberNode(source: string, place: Place): TemplateNode {
  const value = Number(source);
  if (/^-?\d+$/.test(source)) {
    const text = Number.isSafeInteger(value) ? String(value) : source;
    return text === String(value) ? { kind: 'scalar', value, place } : { kind: 'scalar', value, text, place };
  }
  const decimal = /^(-?\d+)\.(\d*?)0*$/.exec(source);
  const text = decimal ? `${decimal[1]}.${decimal[2] || '0'}` : String(value);
  return text === String(value) ? { kind: 'scalar', value, place } : { kind: 'scalar', value, text, place };
}
