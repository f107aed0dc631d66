// Checks an operation's input against the service's model: required members, lengths, values, patterns, enumerations.
// The checks of an operation are built on its first use, from the schema and generated/<service>.constraints.json.
// Parts of an input without constraints are not visited.

import { type Bound, boundsOf, wordsOfAll } from './bounds.ts';
import type { ConstraintFile, ConstraintsFile } from './constraint-file.ts';
import type { Member, Operation, Shape, Structure } from './schema.ts';
import type { ConstraintRules, Step, Violation } from './violation.ts';

/** Adds the violations in a value to `found`, with paths that begin at the value. */
type Check = (value: unknown, found: Violation[]) => unknown;

/** The check of an input ends after so many violations. */
const MAX_VIOLATIONS = 10;
const MAX_SHOWN_CHARACTERS = 200;
/**
 * The limit for a list or map that must be visited and has no maximum in the model. No maximum of a model is higher.
 */
const MAX_PARTS = 10_000;

/** The checks of one service's inputs. */
export class InputChecks {
  readonly #maker: CheckMaker;
  readonly #made = new Map<string, Check | undefined>();

  /** Without a file, only required members are checked. */
  constructor(file?: ConstraintsFile, rules: Pick<ConstraintRules, 'exceptions' | 'only'> = {}) {
    this.#maker = new CheckMaker(file, rules);
  }

  /** At most 10 violations in an input that has the operation's shape. */
  violations(operation: Operation, input: unknown): Violation[] {
    if (!this.#made.has(operation.name)) {
      this.#made.set(operation.name, this.#maker.structure(operation.input));
    }
    const check = this.#made.get(operation.name);
    if (!check) return NONE;
    const found: Violation[] = [];
    check(input, found);
    if (found.length === 0) return NONE;
    const members = new Map(operation.input.members.map((member) => [member.name, member]));
    for (const violation of found) violation.member = members.get(String(violation.steps[0]));
    return found.slice(0, MAX_VIOLATIONS);
  }
}

const NONE: Violation[] = [];

class CheckMaker {
  readonly #file: Pick<ConstraintsFile, 'members' | 'shapes'>;
  readonly #hasModel: boolean;
  readonly #exceptions: NonNullable<ConstraintRules['exceptions']>;
  readonly #kinds: ReadonlySet<string> | undefined;
  readonly #structures = new Map<Structure, Check | undefined>();

  constructor(
    file: ConstraintsFile | undefined,
    { exceptions = {}, only }: Pick<ConstraintRules, 'exceptions' | 'only'>,
  ) {
    this.#file = file ?? { members: {}, shapes: {} };
    this.#hasModel = file !== undefined;
    this.#exceptions = exceptions;
    this.#kinds = only && new Set(only.kinds);
  }

  structure(shape: Structure): Check | undefined {
    if (this.#structures.has(shape)) return this.#structures.get(shape);
    // A structure may contain itself. The inner one looks up the check at run time, when it is complete.
    const late: Check = (value, found) => this.#structures.get(shape)?.(value, found);
    this.#structures.set(shape, late);
    const constraints = this.#file.members[shape.name] ?? {};
    const members: CheckedMember[] = [];
    for (const member of shape.members) {
      const name = constraints[member.name];
      const check = this.#value(member.shape, this.#constraint(name, `${shape.name}.${member.name}`), name);
      if (check || member.required) members.push({ member, check });
    }
    const check = members.length > 0 ? checkMembers(members) : undefined;
    this.#structures.set(shape, check);
    return check;
  }

  /** The model's constraint, changed by the service's exception for the shape or the member. */
  #constraint(name: string | undefined, place?: string): ConstraintFile | undefined {
    const model = name === undefined ? undefined : this.#file.shapes[name];
    const exception =
      (place === undefined ? undefined : this.#exceptions[place]) ??
      (name === undefined ? undefined : this.#exceptions[name]);
    return exception ? ({ ...model, ...exception.instead } as ConstraintFile) : model;
  }

  #bounds(shape: Exclude<Shape, Structure>, constraint: ConstraintFile): Bound[] {
    return boundsOf(shape, constraint).filter(({ kind }) => this.#kinds?.has(kind) ?? true);
  }

  #value(shape: Shape, constraint: ConstraintFile | undefined, name?: string): Check | undefined {
    if (shape.kind === 'structure') return this.structure(shape);
    const own = constraint ? this.#bounds(shape, constraint) : [];
    if (shape.kind === 'scalar') {
      return own.length > 0 ? checkBounds(own, shownScalar(constraint), name) : undefined;
    }
    const parts = this.#parts(shape, constraint);
    const show = shownList(this.#isSensitive(constraint));
    const below = this.#below(shape, constraint);
    if (own.length === 0 && parts.length === 0 && !below) return undefined;
    const bounds = checkBounds([...parts, ...own], show, name);
    const tooMany =
      own.find(({ kind }) => kind === 'maxLength') ??
      (this.#hasModel ? boundsOf(shape, { max: MAX_PARTS })[0] : undefined);
    return (value, found) => {
      // A list that is too long is not visited.
      if (tooMany && !tooMany.holds(value)) return found.push(violationOf(tooMany, value, show, name));
      bounds(value, found);
      below?.(value, found);
    };
  }

  /** The bounds of scalar keys, items and values. AWS reports them for the list or map, not for the part. */
  #parts(shape: Exclude<Shape, Structure>, constraint: ConstraintFile | undefined): Bound[] {
    const parts: Bound[] = [];
    const add = (words: string, part: Shape, name: string | undefined, of: (value: object) => unknown[]) => {
      const own = this.#constraint(name);
      const bounds = own && part.kind === 'scalar' ? this.#bounds(part, own) : [];
      if (bounds.length > 0) parts.push(everyPart(words, bounds, of));
    };
    if (shape.kind === 'list') {
      add('Member', shape.item, constraint?.item, (value) => value as unknown[]);
    } else if (shape.kind === 'map') {
      add('Map value', shape.value, constraint?.value, Object.values);
      add('Map keys', { kind: 'scalar', type: 'string' }, constraint?.key, Object.keys);
    }
    return parts;
  }

  /** The check of items and values that are lists, maps or structures. */
  #below(shape: Exclude<Shape, Structure>, constraint: ConstraintFile | undefined): Check | undefined {
    if (shape.kind === 'scalar') return undefined;
    const [inner, name] =
      shape.kind === 'list' ? [shape.item, constraint?.item] : [shape.value, constraint?.value];
    const check = inner.kind === 'scalar' ? undefined : this.#value(inner, this.#constraint(name), name);
    if (!check) return undefined;
    const isList = shape.kind === 'list';
    return (value, found) => {
      if (value === null || typeof value !== 'object') return;
      for (const [key, item] of isList ? (value as unknown[]).entries() : Object.entries(value)) {
        if (found.length >= MAX_VIOLATIONS) return;
        if (item === undefined || item === null) continue;
        const before = found.length;
        check(item, found);
        if (found.length > before) prefix(found, before, typeof key === 'number' ? key + 1 : { key });
      }
    };
  }

  #isSensitive(constraint: ConstraintFile | undefined): boolean {
    if (!constraint) return false;
    const { sensitive, item, key, value } = constraint;
    return sensitive === 1 || [item, key, value].some((name) => this.#isSensitive(this.#constraint(name)));
  }
}

interface CheckedMember {
  member: Member;
  check: Check | undefined;
}

function checkMembers(members: readonly CheckedMember[]): Check {
  return (value, found) => {
    if (value === null || typeof value !== 'object') return;
    for (const { member, check } of members) {
      if (found.length >= MAX_VIOLATIONS) return;
      const content = (value as Record<string, unknown>)[member.name];
      if (content === undefined || content === null) {
        if (member.required) {
          found.push({ steps: [member.name], breach: undefined, shown: undefined, member: undefined });
        }
      } else if (check) {
        const before = found.length;
        check(content, found);
        if (found.length > before) prefix(found, before, member.name);
      }
    }
  };
}

function prefix(found: Violation[], from: number, step: Step): void {
  for (let index = from; index < found.length; index++) found[index]!.steps.unshift(step);
}

function checkBounds(
  bounds: readonly Bound[],
  show: (value: unknown) => string | undefined,
  shape: string | undefined,
): Check {
  return (value, found) => {
    for (const bound of bounds) {
      if (!bound.holds(value)) found.push(violationOf(bound, value, show, shape));
    }
  };
}

const violationOf = (
  breach: Bound,
  value: unknown,
  show: (value: unknown) => string | undefined,
  shape: string | undefined,
): Violation => ({
  ...{ steps: [], breach, shown: show(value), member: undefined },
  ...(typeof value === 'string' && { length: value.length }),
  ...(shape !== undefined && { shape }),
});

function everyPart(subject: string, bounds: readonly Bound[], of: (value: object) => unknown[]): Bound {
  const list = wordsOfAll(bounds);
  return {
    kind: 'parts',
    limit: list,
    words: `${subject} must satisfy constraint: ${list}`,
    holds: (value) =>
      value === null ||
      typeof value !== 'object' ||
      of(value).every(
        (part) => part === undefined || part === null || bounds.every((bound) => bound.holds(part)),
      ),
  };
}

const shownScalar =
  (constraint: ConstraintFile | undefined) =>
  (value: unknown): string | undefined =>
    constraint?.sensitive || value instanceof Uint8Array ? undefined : cut(String(value));

/** AWS: shows lists and maps as Java does: `[a, b]`, `{k=v}`. A list or map of structures is not shown. */
const shownList =
  (isSensitive: boolean) =>
  (value: unknown): string | undefined => {
    if (isSensitive || value === null || typeof value !== 'object') return undefined;
    const isArray = Array.isArray(value);
    const parts: string[] = [];
    let length = 0;
    for (const key of isArray ? value.keys() : keysOf(value)) {
      const item: unknown = (value as Record<string | number, unknown>)[key];
      if (item !== null && typeof item === 'object') return undefined;
      const part = typeof key === 'number' ? cut(String(item)) : `${cut(key)}=${cut(String(item))}`;
      parts.push(part);
      if ((length += part.length) > MAX_SHOWN_CHARACTERS) break;
    }
    const text = parts.join(', ');
    return cut(isArray ? `[${text}]` : `{${text}}`);
  };

/** A generator, since the first few keys are enough. */
function* keysOf(value: object): Generator<string> {
  for (const key in value) yield key;
}

const cut = (text: string): string => text.slice(0, MAX_SHOWN_CHARACTERS).toWellFormed();
