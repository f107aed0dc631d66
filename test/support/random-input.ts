// Random inputs from a schema, the same for the same seed: mostly plausible, sometimes hostile, always such that a
// client could send them. For tests that no input makes a service fail.

import type { Member, Scalar, Shape, Structure } from '../../src/wire/schema.ts';

/** Returns numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** A small seeded generator (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How random inputs are generated. */
export interface RandomInputOptions {
  /** Values that are likely to exist, by member name: ids of resources, node types, zones… */
  known?: Record<string, readonly unknown[]>;
  /** The probability of a hostile value; 0.2 by default. */
  nastiness?: number;
  /** The probability of an optional member; 0.25 by default. */
  optional?: number;
  /** Optional members that are always present, at any depth. */
  always?: ReadonlySet<string>;
}

const DEEPEST = 8;

/** An input of the given shape. Required members are sometimes left out. */
export function randomInput(
  shape: Structure,
  random: Random,
  options: RandomInputOptions = {},
): Record<string, unknown> {
  return new RandomValues(random, options).structure(shape, 0);
}

class RandomValues {
  readonly #random: Random;
  readonly #known: Record<string, readonly unknown[]>;
  readonly #nastiness: number;
  readonly #optional: number;
  readonly #always: ReadonlySet<string>;

  constructor(random: Random, options: RandomInputOptions) {
    this.#random = random;
    this.#known = options.known ?? {};
    this.#nastiness = options.nastiness ?? 0.2;
    this.#optional = options.optional ?? 0.25;
    this.#always = options.always ?? new Set();
  }

  structure(shape: Structure, depth: number): Record<string, unknown> {
    if (shape.isUnion) {
      if (shape.members.length === 0) return {};
      const member = this.#pick(shape.members);
      return { [member.name]: this.#member(member, depth + 1) };
    }
    const chosen = shape.members.filter(({ name, required }) =>
      this.#chance(required ? 0.97 : this.#always.has(name) ? 0.95 : this.#optional),
    );
    return Object.fromEntries(chosen.map((member) => [member.name, this.#member(member, depth + 1)]));
  }

  #member(member: Member, depth: number): unknown {
    const known = this.#known[member.name];
    if (known && known.length > 0 && this.#chance(0.8)) return structuredClone(this.#pick(known));
    return this.#value(member.shape, depth);
  }

  #value(shape: Shape, depth: number): unknown {
    switch (shape.kind) {
      case 'structure':
        return depth > DEEPEST ? {} : this.structure(shape, depth);
      case 'list':
        return this.#items(depth, () => this.#value(shape.item, depth + 1));
      case 'map':
        return Object.fromEntries(
          this.#items(depth, () => [this.#text(), this.#value(shape.value, depth + 1)] as const),
        );
      default:
        return this.#scalar(shape);
    }
  }

  #items<T>(depth: number, make: () => T): T[] {
    const most = depth > DEEPEST ? 0 : this.#chance(this.#nastiness / 4) ? 60 : 3;
    return Array.from({ length: Math.floor(this.#random() * (most + 1)) }, make);
  }

  #scalar({ type }: Scalar): unknown {
    switch (type) {
      case 'boolean':
        return this.#chance(0.5);
      case 'number':
        return this.#chance(this.#nastiness) ? this.#pick(NASTY_NUMBERS) : Math.floor(this.#random() * 101);
      case 'blob':
      case 'streamingBlob':
        return Buffer.from(this.#text());
      case 'document':
        return { [this.#text()]: [this.#text(), null, 1.5] };
      case 'string':
        return this.#text();
      default:
        return this.#chance(this.#nastiness)
          ? this.#pick(NASTY_DATES)
          : new Date(1.7e12 + this.#random() * 1e11);
    }
  }

  #text(): string {
    if (this.#chance(this.#nastiness)) return this.#pick(NASTY_TEXTS);
    const length = 1 + Math.floor(this.#random() * 12);
    return Array.from({ length }, () => this.#pick(PLAIN_CHARACTERS)).join('');
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<T>(items: ArrayLike<T>): T {
    return items[Math.floor(this.#random() * items.length)]!;
  }
}

const PLAIN_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz-0123456789';

const NASTY_NUMBERS = [
  0,
  -1,
  1.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  -(2 ** 53),
  1e300,
  65_536,
  16_384,
];

const NASTY_DATES = [new Date(0), new Date(-1), new Date(8.64e15), new Date(-8.64e15)];

const NASTY_TEXTS = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '/',
  '\\',
  '%00',
  '\u0000',
  'a\nb\r\nc\td',
  'a b',
  '"\'`;$(id)|&<>',
  '{{x}}%s$y',
  'é𝄞\u202E\uFEFF',
  '\uD800',
  'A'.repeat(256),
  'x'.repeat(10_000),
  '-',
  '--help',
  '0',
  '-1',
  'NaN',
  'null',
  'true',
  '*',
  'arn:aws:elasticache:us-east-1:000000000000:cluster:x',
  'arn:aws:::::',
  'arn:',
  'save ""',
  'maxmemory 0\nrequirepass x',
];
