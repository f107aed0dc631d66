// Values that fill a shape completely, for round trips: every member present, every list and map with two items, nested
// structures to a limited depth. The same seed gives the same values.

import type { Member, Shape, Structure } from '../../src/wire/schema.ts';

const DEEPEST = 12;
const DEEP = 5;

/** Generates values from a seed. */
export class ValueGenerator {
  #count: number;

  constructor(seed = 0) {
    this.#count = seed;
  }

  structure(shape: Structure): Record<string, unknown> {
    return (this.#value(shape, 0) as Record<string, unknown> | undefined) ?? {};
  }

  #value(shape: Shape, depth: number): unknown {
    this.#count++;
    switch (shape.kind) {
      case 'structure':
        return shape.isUnion ? this.#union(shape, depth) : this.#structure(shape, depth);
      case 'list': {
        const item = this.#value(shape.item, depth + 1);
        return item === undefined ? undefined : [item, this.#value(shape.item, depth + 1)];
      }
      case 'map': {
        const item = this.#value(shape.value, depth + 1);
        return item === undefined ? undefined : { 'key 1': item, 'key <2>': item };
      }
      default:
        return this.#scalar(shape.type);
    }
  }

  #structure(shape: Structure, depth: number): Record<string, unknown> | undefined {
    if (depth > DEEPEST) return undefined;
    const members = shape.members.filter(
      (member) => member.required || depth <= DEEP || member.shape.kind === 'scalar',
    );
    const entries = members
      .map((member) => [member.name, this.#member(member, depth)] as const)
      .filter(([, value]) => value !== undefined);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }

  #union(shape: Structure, depth: number): Record<string, unknown> | undefined {
    for (const member of shape.members) {
      const value = this.#value(member.shape, depth + 1);
      if (value !== undefined) return { [member.name]: value };
    }
    return undefined;
  }

  #member(member: Member, depth: number): unknown {
    const { traits, shape } = member;
    if (traits.httpResponseCode) return 200;
    if (traits.httpPrefixHeaders !== undefined) return { a: '1' };
    const isInHead = traits.httpLabel || traits.httpHeader;
    if (isInHead && shape.kind === 'scalar' && shape.type === 'string') return `plain${this.#count++}`;
    return this.#value(shape, depth + 1);
  }

  #scalar(type: string): unknown {
    const count = this.#count;
    if (type === 'boolean') return count % 2 === 0;
    if (type === 'number') return (count % 97) + 1;
    if (type === 'blob' || type === 'streamingBlob') return new Uint8Array([1, 2, count % 256]);
    if (type === 'document') return { a: [1, 'x'] };
    if (type.startsWith('timestamp')) return new Date(1_700_000_000_000 + count * 1000);
    return `text <&> "é" ${count}`;
  }
}
