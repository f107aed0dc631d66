// Conditions in the form in which they are evaluated: names and values are in place. Expressions and the legacy
// parameters become the same form. Pure.

import { beginsWith, compare, contains, equalAgain } from './comparison.ts';
import { Effort } from './effort.ts';
import { type Path, valueAt } from './paths.ts';
import { type AnyValue, type Attributes, type Item, type TypeName, typeOf, type Value } from './values.ts';

/** What a condition compares. */
export type Operand =
  | { kind: 'path'; path: Path }
  | { kind: 'value'; value: Value }
  | { kind: 'size'; of: Operand };

/** The comparison operators. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A condition that can be evaluated. */
export type Test =
  | { kind: 'and' | 'or'; parts: readonly Test[] }
  | { kind: 'not'; part: Test }
  | { kind: 'compare'; operator: Comparator; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; lower: Operand; upper: Operand }
  | { kind: 'in'; operand: Operand; list: readonly Operand[] }
  | { kind: 'exists' | 'absent'; path: Path }
  | { kind: 'type'; operand: Operand; type: TypeName }
  | { kind: 'begins' | 'contains'; operand: Operand; part: Operand };

const NOTHING: Item = Object.freeze({});

/** A condition or a filter of one request. */
export class Condition {
  readonly test: Test;
  /** Every path that the condition reads. */
  readonly paths: readonly Path[];
  readonly #effort = new Effort();

  constructor(test: Test, paths: readonly Path[]) {
    this.test = test;
    this.paths = paths;
  }

  /**
   * An absent item has no attributes. Operands that are absent or have no order make a comparison false. Throws
   * ValidationException for an evaluation that takes too long.
   */
  holds(item: Item | undefined): boolean {
    this.#effort.begin();
    return holds(this.test, item ?? NOTHING, this.#effort);
  }
}

function holds(test: Test, item: Item, effort: Effort): boolean {
  switch (test.kind) {
    case 'and':
      return test.parts.every((part) => holds(part, item, effort));
    case 'or':
      return test.parts.some((part) => holds(part, item, effort));
    case 'not':
      return !holds(test.part, item, effort);
    case 'compare':
      return compares(test.operator, operandIn(test.left, item), operandIn(test.right, item));
    case 'between': {
      const value = operandIn(test.operand, item);
      return (
        compares('>=', value, operandIn(test.lower, item)) &&
        compares('<=', value, operandIn(test.upper, item))
      );
    }
    case 'in': {
      const value = operandIn(test.operand, item);
      return value !== undefined && test.list.some((one) => compares('=', value, operandIn(one, item)));
    }
    case 'exists':
      return valueAt(item, test.path) !== undefined;
    case 'absent':
      return valueAt(item, test.path) === undefined;
    case 'type': {
      const value = operandIn(test.operand, item);
      return value !== undefined && typeOf(value) === test.type;
    }
    default: {
      const value = operandIn(test.operand, item);
      const part = operandIn(test.part, item);
      if (value === undefined || part === undefined) return false;
      return test.kind === 'begins' ? beginsWith(value, part) : contains(value, part, effort);
    }
  }
}

/** AWS: an absent operand is not equal to anything, not even to another one. */
function compares(operator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return operator === '<>';
  if (operator === '=') return equalAgain(left, right);
  if (operator === '<>') return !equalAgain(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function operandIn(operand: Operand, item: Item): Value | undefined {
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'value') return operand.value;
  const value = operandIn(operand.of, item);
  const size = value && lengthOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** What `size` returns: the length of a string (in UTF-16 units) or binary, the number of members of the others. */
function lengthOf(value: Value): number | undefined {
  const { S, B, SS, NS, BS, L, M } = value as AnyValue;
  if (M) return countOf(M);
  return (S ?? B ?? SS ?? NS ?? BS ?? L)?.length;
}

const counts = new WeakMap<Attributes, number>();

/** The attributes of a map. An expression may ask for them hundreds of times. */
function countOf(attributes: Attributes): number {
  let count = counts.get(attributes);
  if (count === undefined) counts.set(attributes, (count = Object.keys(attributes).length));
  return count;
}
