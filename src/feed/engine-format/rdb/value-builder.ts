// A value of a dump and its digest, from its parts. A value that is too large is not kept; its digest is the same.

import type { Value } from '../../change.ts';
import { addEntry, type DigestType, type HashedString, ValueDigest } from '../digest.ts';

type Part = Buffer | HashedString;

/** What a part takes beside its bytes, about. */
const PART_BYTES = 64;

/** Builds one value after the other; each begins with `begin`. */
export class ValueBuilder {
  readonly #digest = new ValueDigest();
  readonly #most: number;
  #type: DigestType = 'none';
  #bytes = 0;
  /** A type of a module. */
  #name = '';
  /** No values can be handed out for it: its type is a module's, or its encoding was too long to be read. */
  #isOpaque = false;
  #parts: Buffer[] = [];
  #scores: number[] = [];
  #entries: { id: string; fields: readonly Buffer[] }[] = [];

  /** @param most The most bytes of a value that is kept. */
  constructor(most: number) {
    this.#most = most;
  }

  begin(type: DigestType, name = ''): void {
    this.#type = type;
    this.#name = name;
    this.#isOpaque = type === 'other';
    this.#bytes = 0;
    this.#parts = [];
    this.#scores = [];
    this.#entries = [];
    this.#digest.begin(type);
  }

  /** A string's content, or a list's next element. */
  next(part: Part): void {
    this.#digest.next(part);
    this.#keep(part);
  }

  member(part: Part): void {
    this.#digest.member(part);
    this.#keep(part);
  }

  field(field: Part, value: Part): void {
    this.#digest.field(field, value);
    this.#keep(field);
    this.#keep(value);
  }

  scored(member: Part, score: number): void {
    this.#digest.scored(member, score);
    if (this.#keep(member)) this.#scores.push(score);
  }

  entry(id: string, fields: readonly Buffer[]): void {
    addEntry(this.#digest, id, fields);
    this.#bytes += fields.reduce((sum, part) => sum + part.length + PART_BYTES, PART_BYTES);
    if (this.#isKept()) this.#entries.push({ id, fields });
  }

  /** Bytes that are not understood: a module's, or an encoding that is too long. */
  opaque(part: Part): void {
    this.#isOpaque = true;
    this.#digest.next(part);
  }

  end(expiresAt: number | undefined): { value: Value; digest: bigint } {
    const value = this.#value();
    this.#parts = [];
    this.#entries = [];
    return { value, digest: this.#digest.end(expiresAt) };
  }

  #keep(part: Part): boolean {
    if (!(part instanceof Uint8Array)) this.#bytes = Number.POSITIVE_INFINITY;
    else this.#bytes += part.length + PART_BYTES;
    if (!this.#isKept()) return false;
    this.#parts.push(part as Buffer);
    return true;
  }

  #isKept(): boolean {
    if (this.#bytes <= this.#most && !this.#isOpaque) return true;
    this.#parts = [];
    this.#scores = [];
    this.#entries = [];
    return false;
  }

  #value(): Value {
    if (!this.#isKept()) return { type: 'other', name: this.#name || this.#type };
    const parts = this.#parts;
    switch (this.#type) {
      case 'string':
        return { type: 'string', value: parts[0] as Buffer };
      case 'list':
        return { type: 'list', elements: parts };
      case 'set':
        return { type: 'set', members: parts };
      case 'hash': {
        const fields: [Buffer, Buffer][] = [];
        for (let at = 0; at < parts.length; at += 2) {
          fields.push([parts[at] as Buffer, parts[at + 1] as Buffer]);
        }
        return { type: 'hash', fields };
      }
      case 'zset':
        return { type: 'zset', members: parts.map((one, at) => [one, this.#scores[at] as number]) };
      case 'stream':
        return { type: 'stream', entries: this.#entries };
      default:
        return { type: 'none' };
    }
  }
}
