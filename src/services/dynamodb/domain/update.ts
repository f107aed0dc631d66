// Updates in the form in which they are applied: names and values are in place. UpdateExpression and the legacy
// AttributeUpdates become the same form. Pure.

import { invalidUpdatePath, missingAttribute, wrongTypeInUpdate } from '../faults/expressions.ts';
import { legacyTypeMismatch } from '../faults/legacy.ts';
import { nestedTooDeeply, numberOverflow, numberUnderflow, updatedItemTooLarge } from '../faults/values.ts';
import { bytesAsText, membersOf } from './comparison.ts';
import { ListEdits } from './list-edits.ts';
import { addNumbers } from './numbers.ts';
import type { PathTree } from './path-tree.ts';
import { member, type Path, valueAt } from './paths.ts';
import { LARGEST_ITEM, sizeOfValue } from './sizes.ts';
import {
  type AnyValue,
  type Attributes,
  depthOf,
  type Item,
  MOST_LEVELS,
  setAttribute,
  type TypeName,
  type Value,
} from './values.ts';

/** What SET assigns. */
export type Assigned =
  | { kind: 'path'; path: Path }
  | { kind: 'value'; value: Value }
  | { kind: 'sum'; isMinus: boolean; left: Assigned; right: Assigned }
  | { kind: 'if_not_exists'; path: Path; otherwise: Assigned }
  | { kind: 'list_append'; left: Assigned; right: Assigned };

/** One change. */
export type Action =
  | { kind: 'SET'; path: Path; value: Assigned; type: TypeName | undefined }
  | { kind: 'REMOVE'; path: Path }
  | { kind: 'ADD' | 'DELETE'; path: Path; value: Value };

/** An update of one request. */
export class Update {
  readonly actions: readonly Action[];
  /** The paths that it changes. */
  readonly targets: PathTree;
  /** Every path that it changes or reads. */
  readonly paths: readonly Path[];
  readonly #isLegacy: boolean;

  constructor(facts: {
    actions: readonly Action[];
    targets: PathTree;
    paths: readonly Path[];
    isLegacy: boolean;
  }) {
    this.actions = facts.actions;
    this.targets = facts.targets;
    this.paths = facts.paths;
    this.#isLegacy = facts.isLegacy;
  }

  /** Whether an absent item comes to be. AWS: it does not when the update only removes. */
  get createsItem(): boolean {
    return this.actions.length === 0 || this.actions.some(({ kind }) => kind === 'SET' || kind === 'ADD');
  }

  /**
   * The item after the update, which shares with `item` what does not change. An absent item is given as its key and
   * `isNew`. Throws ValidationException. AWS: all values are those before the update, and so are the indexes of lists.
   */
  applyTo(item: Item, isNew = false): Item {
    const values = this.#values(item);
    const edit = new Edit(item, this.#isLegacy ? legacyTypeMismatch : wrongTypeInUpdate);
    this.actions.forEach((action, index) => {
      // AWS: what an absent item would need for a path to go on is missed by SET, ADD and DELETE only.
      if (isNew && action.kind === 'REMOVE') return;
      if (action.kind === 'SET') edit.set(action.path, values[index]!);
      else if (action.kind === 'REMOVE') edit.remove(action.path);
      else if (action.kind === 'ADD') edit.add(action.path, action.value);
      else edit.deleteFrom(action.path, action.value);
    });
    return edit.finish();
  }

  /**
   * What each SET assigns. What an update sets and adds will all be part of the item: together it is never larger than an
   * item may be, however often the expression names a value.
   */
  #values(item: Item): (Value | undefined)[] {
    let bytes = 0;
    return this.actions.map((action) => {
      if (action.kind === 'REMOVE' || action.kind === 'DELETE') return undefined;
      const value = action.kind === 'SET' ? assigned(action.value, item) : action.value;
      bytes += sizeOfValue(value);
      if (bytes > LARGEST_ITEM) throw updatedItemTooLarge();
      return value;
    });
  }

  /** The parts of an item that the update changes, for UPDATED_OLD and UPDATED_NEW. */
  changedParts(item: Item): Item {
    return this.targets.partsOf(item);
  }
}

/** The value of what SET assigns, in the item before the update. */
function assigned(source: Assigned, item: Item): Value {
  switch (source.kind) {
    case 'value':
      return source.value;
    case 'path': {
      const value = valueAt(item, source.path);
      if (value === undefined) throw missingAttribute();
      return value;
    }
    case 'if_not_exists':
      return valueAt(item, source.path) ?? assigned(source.otherwise, item);
    case 'list_append': {
      const left = assigned(source.left, item) as AnyValue;
      const right = assigned(source.right, item) as AnyValue;
      if (!left.L || !right.L) throw wrongTypeInUpdate();
      return { L: [...left.L, ...right.L] };
    }
    default: {
      const left = assigned(source.left, item) as AnyValue;
      const right = assigned(source.right, item) as AnyValue;
      if (left.N === undefined || right.N === undefined) throw wrongTypeInUpdate();
      return { N: sum(left.N, right.N, source.isMinus) };
    }
  }
}

/** AWS: a sum with too many digits is reported as an overflow. */
function sum(one: string, other: string, isMinus = false): string {
  const result = addNumbers(one, other, isMinus);
  if ('text' in result) return result.text;
  throw result.problem === 'underflow' ? numberUnderflow() : numberOverflow();
}

/** Changes one item. Copies each map and list before it changes it. */
class Edit {
  readonly #item: Item;
  readonly #wrongType: () => Error;
  /** Maps and lists that are copies. */
  readonly #own = new Set<object>();
  readonly #lists = new ListEdits();

  constructor(item: Item, wrongType: () => Error) {
    this.#item = { ...item };
    this.#wrongType = wrongType;
  }

  finish(): Item {
    this.#lists.finish();
    return this.#item;
  }

  set(path: Path, value: Value): void {
    if (path.length > 1 && path.length - 1 + depthOf(value) > MOST_LEVELS) throw nestedTooDeeply();
    this.#put(this.#parent(path), path.at(-1)!, value);
  }

  remove(path: Path): void {
    const parent = this.#parent(path);
    const step = path.at(-1)!;
    if (Array.isArray(parent)) this.#lists.remove(parent, step as number);
    else if (Object.hasOwn(parent, step)) delete parent[step];
  }

  /** Adds to a number, a set or, in the legacy form, a list. */
  add(path: Path, value: Value): void {
    const parent = this.#parent(path);
    const step = path.at(-1)!;
    const present = valueIn(parent, step) as AnyValue | undefined;
    this.#put(parent, step, present ? this.#added(present, value as AnyValue) : value);
  }

  #added(present: AnyValue, { N, L, SS, NS, BS }: AnyValue): Value {
    if (N !== undefined && present.N !== undefined) return { N: sum(present.N, N) };
    if (L && present.L) return { L: [...present.L, ...L] };
    if (SS && present.SS) return { SS: union(present.SS, SS) };
    if (NS && present.NS) return { NS: union(present.NS, NS) };
    if (BS && present.BS) return { BS: union(present.BS, BS) };
    throw this.#wrongType();
  }

  /** Removes members from a set. AWS: a set that becomes empty is removed. */
  deleteFrom(path: Path, value: Value): void {
    const parent = this.#parent(path);
    const step = path.at(-1)!;
    const present = valueIn(parent, step) as AnyValue | undefined;
    if (!present) return;
    const rest = this.#without(present, value as AnyValue);
    if (rest) this.#put(parent, step, rest);
    else this.remove(path);
  }

  #without(present: AnyValue, { SS, NS, BS }: AnyValue): Value | undefined {
    if (SS && present.SS) return nonEmpty('SS', difference(present.SS, SS));
    if (NS && present.NS) return nonEmpty('NS', difference(present.NS, NS));
    if (BS && present.BS) return nonEmpty('BS', difference(present.BS, BS));
    throw this.#wrongType();
  }

  /** The map or list that has the last step of a path, as a copy that may be changed. */
  #parent(path: Path): Attributes | Value[] {
    let parent: Attributes | Value[] = this.#item;
    for (let index = 0; index < path.length - 1; index++) {
      const step = path[index]!;
      const { M, L } = (valueIn(parent, step) ?? {}) as AnyValue;
      const isList = typeof path[index + 1] === 'number';
      const present = isList ? L : M;
      if (!present) throw invalidUpdatePath();
      if (this.#own.has(present)) {
        parent = present;
        continue;
      }
      const copy: Attributes | Value[] = isList ? [...L!] : { ...M! };
      this.#own.add(copy);
      this.#put(parent, step, (isList ? { L: copy } : { M: copy }) as Value);
      parent = copy;
    }
    return parent;
  }

  #put(parent: Attributes | Value[], step: string | number, value: Value): void {
    if (Array.isArray(parent)) this.#lists.set(parent, step as number, value);
    else setAttribute(parent, step as string, value);
  }
}

const valueIn = (parent: Attributes | Value[], step: string | number): Value | undefined =>
  member((Array.isArray(parent) ? { L: parent } : { M: parent }) as Value, step);

const keyOf = (one: string | Uint8Array): string => (typeof one === 'string' ? one : bytesAsText(one));

function union<T extends string | Uint8Array>(present: readonly T[], added: readonly T[]): T[] {
  const members = membersOf(present as readonly string[]);
  return [...present, ...added.filter((one) => !members.has(keyOf(one)))];
}

function difference<T extends string | Uint8Array>(present: readonly T[], removed: readonly T[]): T[] {
  const members = membersOf(removed as readonly string[]);
  return present.filter((one) => !members.has(keyOf(one)));
}

const nonEmpty = (type: 'SS' | 'NS' | 'BS', members: readonly unknown[]): Value | undefined =>
  members.length > 0 ? ({ [type]: members } as unknown as Value) : undefined;
