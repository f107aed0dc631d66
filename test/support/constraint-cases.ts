// Test cases for every constraint on the input of a service's operations: values just outside and just inside of it,
// each in an otherwise minimal input.

import { type Bound, boundsOf } from '../../src/wire/bounds.ts';
import type { ConstraintFile, ConstraintsFile } from '../../src/wire/constraint-file.ts';
import { compilePattern } from '../../src/wire/java-pattern.ts';
import type { Operation, Scalar, Shape, Structure } from '../../src/wire/schema.ts';
import type { ConstraintRules } from '../../src/wire/violation.ts';
import { matchingText } from './matching-text.ts';
import { seededRandom } from './random-input.ts';

/** One constraint, with inputs on both sides of it. */
export interface Case {
  /** `CreateRoleRequest.RoleName maxLength 64`. */
  what: string;
  bound: Bound;
  /** Undefined when no value is outside, as with a pattern that all texts match. */
  outside: Record<string, unknown> | undefined;
  /** Empty when no value was found. */
  inside: Record<string, unknown>[];
}

type Wrap = (value: unknown) => Record<string, unknown>;

interface Values {
  bound: Bound;
  outside: unknown;
  inside: unknown[];
}

const NOTHING = Symbol('nothing is outside');
const LONGEST_LIST = 1_000;

/** Generates the cases of a service's operations. */
export class ConstraintCases {
  readonly #file: ConstraintsFile;
  readonly #exceptions: NonNullable<ConstraintRules['exceptions']>;
  readonly #kinds: ReadonlySet<string> | undefined;
  readonly #random = seededRandom(3);
  readonly #scalars = new Map<string, Values[]>();

  constructor(file: ConstraintsFile, rules: ConstraintRules) {
    this.#file = file;
    this.#exceptions = rules.exceptions ?? {};
    this.#kinds = rules.only && new Set(rules.only.kinds);
  }

  *of(operation: Operation): Generator<Case> {
    yield* this.#structure(operation.input, (value) => value as Record<string, unknown>, new Set());
  }

  *#structure(shape: Structure, wrap: Wrap, above: ReadonlySet<Structure>): Generator<Case> {
    if (above.has(shape)) return;
    const below = new Set([...above, shape]);
    for (const member of shape.members) {
      const place = `${shape.name}.${member.name}`;
      const constraint = this.#member(shape, member.name);
      const others = this.#required(shape, member.name);
      const wrapMember: Wrap = (value) => wrap({ ...others, [member.name]: value });
      for (const { bound, outside, inside } of this.#values(member.shape, constraint)) {
        yield {
          what: `${place} ${bound.kind} ${String(bound.limit).slice(0, 60)}`,
          bound,
          outside: outside === NOTHING ? undefined : wrapMember(outside),
          inside: inside.map(wrapMember),
        };
      }
      yield* this.#below(member.shape, constraint, wrapMember, below);
    }
  }

  *#below(
    shape: Shape,
    constraint: ConstraintFile | undefined,
    wrap: Wrap,
    above: ReadonlySet<Structure>,
  ): Generator<Case> {
    if (shape.kind === 'structure') yield* this.#structure(shape, wrap, above);
    if (shape.kind === 'list') {
      const rest = this.#items(shape.item, constraint, (constraint?.min ?? 1) - 1);
      yield* this.#below(shape.item, this.#named(constraint?.item), (value) => wrap([value, ...rest]), above);
    }
    if (shape.kind === 'map') {
      const [key, ...keys] = this.#keys(constraint, Math.max(constraint?.min ?? 1, 1));
      const rest = keys.map(
        (one) => [one, this.#valid(shape.value, this.#named(constraint?.value))] as const,
      );
      const wrapValue: Wrap = (value) => wrap(Object.fromEntries([[key!, value], ...rest]));
      yield* this.#below(shape.value, this.#named(constraint?.value), wrapValue, above);
    }
  }

  #bounds(shape: Exclude<Shape, Structure>, constraint: ConstraintFile): Bound[] {
    return boundsOf(shape, constraint).filter(({ kind }) => this.#kinds?.has(kind) ?? true);
  }

  #values(shape: Shape, constraint: ConstraintFile | undefined): Values[] {
    if (!constraint || shape.kind === 'structure') return [];
    if (shape.kind === 'scalar') return this.#scalarValues(shape, constraint);
    const own = this.#bounds(shape, constraint).map((bound): Values => {
      const size = Number(bound.limit);
      const asked = bound.kind === 'maxLength' ? size + 1 : size - 1;
      const outside = this.#collection(shape, constraint, asked);
      // A map with enumerated keys may have fewer keys than its maximum.
      const isThere = Object.keys(outside).length === asked;
      return {
        bound,
        outside: isThere ? outside : NOTHING,
        inside: [this.#collection(shape, constraint, size)],
      };
    });
    return [...own, ...this.#partValues(shape, constraint)];
  }

  /** The bounds of scalar items, keys and values, in a list or map with one entry. */
  #partValues(shape: Exclude<Shape, Structure | Scalar>, constraint: ConstraintFile): Values[] {
    const inner = shape.kind === 'list' ? shape.item : shape.value;
    const rest = Math.max(constraint.min ?? 1, 1) - 1;
    const found: Values[] = [];
    const add = (part: Shape, name: string | undefined, make: (value: unknown) => unknown) => {
      const own = this.#named(name);
      if (!own || part.kind !== 'scalar') return;
      for (const { bound, outside, inside } of this.#scalarValues(part, own)) {
        found.push({
          bound: { ...bound, kind: 'parts' },
          outside: outside === NOTHING ? NOTHING : make(outside),
          inside: inside.map(make),
        });
      }
    };
    if (shape.kind === 'list') {
      const others = this.#items(inner, constraint, rest);
      add(inner, constraint.item, (value) => [value, ...others]);
    } else {
      const keys = this.#keys(constraint, rest + 1);
      const value = this.#valid(inner, this.#named(constraint.value));
      const others = keys.slice(1).map((key) => [key, value] as const);
      add(inner, constraint.value, (one) => Object.fromEntries([[keys[0]!, one], ...others]));
      add(TEXT, constraint.key, (key) => Object.fromEntries([[key as string, value], ...others]));
    }
    return found;
  }

  #scalarValues(shape: Scalar, constraint: ConstraintFile): Values[] {
    const key = shape.type + JSON.stringify(constraint);
    let values = this.#scalars.get(key);
    if (!values) {
      values = this.#bounds(shape, constraint).map((bound) => this.#scalarBound(shape, constraint, bound));
      this.#scalars.set(key, values);
    }
    return values;
  }

  #scalarBound(shape: Scalar, constraint: ConstraintFile, bound: Bound): Values {
    const limit = Number(bound.limit);
    const text = (length: number) =>
      shape.type === 'string' ? 'a'.repeat(length) : Buffer.alloc(length, 'a');
    const found = (...values: unknown[]) => values.filter((value) => value !== undefined);
    switch (bound.kind) {
      case 'minValue':
        return { bound, outside: limit - 1, inside: [limit] };
      case 'maxValue':
        return { bound, outside: limit + 1, inside: [limit] };
      case 'whole':
        return { bound, outside: this.#number(constraint) + 0.5, inside: [this.#number(constraint)] };
      case 'enumeration':
        return {
          bound,
          outside: shape.type === 'number' ? -1 : 'NONE OF THEM',
          inside: this.#eachOf(shape, constraint),
        };
      case 'minLength':
        return { bound, outside: text(limit - 1), inside: found(this.#text(shape, constraint, 'min')) };
      case 'maxLength':
        return { bound, outside: text(limit + 1), inside: found(this.#text(shape, constraint, 'max')) };
      default:
        return { bound, outside: this.#mismatch(constraint), inside: found(this.#text(shape, constraint)) };
    }
  }

  /** A text that violates only the pattern. */
  #mismatch({ pattern, min = 0, max = 1_000 }: ConstraintFile): unknown {
    const expression = compilePattern(pattern!);
    const length = Math.min(Math.max(min, 1), max);
    for (const one of ['\u0000', '\n', ' ', '!', 'a', 'é', ':', '\u{1F600}']) {
      if (!expression.test(one.repeat(length))) return one.repeat(length);
    }
    return min === 0 && !expression.test('') ? '' : NOTHING;
  }

  #text(shape: Scalar, constraint: ConstraintFile, at?: 'min' | 'max'): unknown {
    const { pattern, min = 0, max = Number.POSITIVE_INFINITY, enum: values } = constraint;
    if (values) return values[0];
    if (pattern === undefined) {
      const length = at === 'max' ? max : at === 'min' ? min : Math.min(Math.max(min, 1), max);
      return shape.type === 'string' ? 'a'.repeat(length) : Buffer.alloc(length, 'a');
    }
    const expression = compilePattern(pattern);
    return (
      matchingText(expression, { min, max }, this.#random, at) ??
      matchingText(expression, { min, max }, this.#random)
    );
  }

  #number({ min, max, enum: values }: ConstraintFile): number {
    if (values) return Number(values[0]);
    return min ?? Math.min(1, max ?? 1);
  }

  #eachOf = ({ type }: Scalar, { enum: values = [] }: ConstraintFile): unknown[] =>
    type === 'number' ? values.map(Number) : values;

  /** A value that violates nothing. */
  #valid(shape: Shape, constraint: ConstraintFile | undefined): unknown {
    if (shape.kind === 'structure') return this.#required(shape);
    if (shape.kind !== 'scalar') return this.#collection(shape, constraint, constraint?.min ?? 0);
    if (shape.type === 'number') return this.#number(constraint ?? {});
    if (shape.type === 'boolean') return true;
    if (shape.type.startsWith('timestamp')) return new Date(0);
    if (shape.type === 'document') return {};
    return this.#text(shape, constraint ?? {});
  }

  #required(shape: Structure, except?: string): Record<string, unknown> {
    const members = shape.members.filter(({ required, name }) => required && name !== except);
    return Object.fromEntries(
      members.map(({ name, shape: own }) => [name, this.#valid(own, this.#member(shape, name))]),
    );
  }

  #collection(
    shape: Exclude<Shape, Structure | Scalar>,
    constraint: ConstraintFile | undefined,
    size: number,
  ): object {
    if (shape.kind === 'list') return this.#items(shape.item, constraint, size);
    const value = this.#valid(shape.value, this.#named(constraint?.value));
    return Object.fromEntries(this.#keys(constraint, size).map((key) => [key, value]));
  }

  #items(item: Shape, constraint: ConstraintFile | undefined, size: number): unknown[] {
    return size <= 0 ? [] : new Array(size).fill(this.#valid(item, this.#named(constraint?.item)));
  }

  #keys(constraint: ConstraintFile | undefined, size: number): string[] {
    const own = this.#named(constraint?.key) ?? { min: 1 };
    const keys = new Set<string>();
    if (own.enum) return own.enum.slice(0, size);
    for (let tries = 0; keys.size < size && tries < size * 50 && tries < 50 * LONGEST_LIST; tries++) {
      const stem = `key${tries}`;
      const fits = own.pattern === undefined || compilePattern(own.pattern).test(stem);
      const key = fits && stem.length >= (own.min ?? 0) ? stem : String(this.#text(TEXT, own));
      keys.add(key);
    }
    return [...keys];
  }

  #member(shape: Structure, member: string): ConstraintFile | undefined {
    const name = this.#file.members[shape.name]?.[member];
    return this.#excepted(name, this.#exceptions[`${shape.name}.${member}`]);
  }

  #named(name: string | undefined): ConstraintFile | undefined {
    return this.#excepted(name, undefined);
  }

  #excepted(
    name: string | undefined,
    ofMember: NonNullable<ConstraintRules['exceptions']>[string] | undefined,
  ): ConstraintFile | undefined {
    const model = name === undefined ? undefined : this.#file.shapes[name];
    const exception = ofMember ?? (name === undefined ? undefined : this.#exceptions[name]);
    return exception ? ({ ...model, ...exception.instead } as ConstraintFile) : model;
  }
}

const TEXT: Scalar = { kind: 'scalar', type: 'string' };
