// The condition on the key in a query: KeyConditionExpression and the legacy KeyConditions have the same form. Pure.

import {
  invalidKeyOperator,
  keyConditionType,
  keyConditionUnsupported,
  keyMustBeFirst,
  missingKeyCondition,
  nestedAttribute,
  nestedOperation,
  noKeyAttribute,
  notIndexable,
  repeatedKeyCondition,
  severalAttributes,
  wrongConditionCount,
} from '../faults/key-conditions.ts';
import type { Comparator, Operand, Test } from './condition.ts';
import { encodeKey, type KeyAttribute, type KeyRange, type KeySchema } from './keys.ts';
import type { ComparisonOperator } from './legacy/comparisons.ts';
import { typeOf, type Value } from './values.ts';

/** The condition on one attribute. */
export interface AttributeCondition {
  operator: ComparisonOperator;
  values: readonly Value[];
}

/** The keys that a query reads. */
export interface QueriedKeys extends KeyRange {
  hash: Buffer;
}

/** The conditions on the key of a query, by attribute. */
export class KeyCondition {
  readonly #conditions: ReadonlyMap<string, AttributeCondition>;

  /** Throws ValidationException when there are none, or more than a key has attributes. */
  constructor(conditions: ReadonlyMap<string, AttributeCondition>) {
    if (conditions.size !== 1 && conditions.size !== 2) throw wrongConditionCount();
    this.#conditions = conditions;
  }

  /** The values that the query compares with the key's attributes, for checks of their content. */
  get values(): [name: string, value: Value][] {
    return [...this.#conditions].flatMap(([name, { values }]) =>
      values.map((value): [string, Value] => [name, value]),
    );
  }

  /** Compares the conditions with the key of the table or index. Throws ValidationException. */
  in({ hash, range }: KeySchema): QueriedKeys {
    if (!range && this.#conditions.size > 1) throw keyConditionUnsupported();
    const onHash = this.#on(hash, true)!;
    if (onHash.operator !== 'EQ') throw keyConditionUnsupported();
    const onRange = range && this.#on(range, false);
    const keys: QueriedKeys = { hash: encodeKey(onHash.values[0]!) };
    return onRange ? { ...keys, ...rangeOf(onRange) } : keys;
  }

  #on({ name, type }: KeyAttribute, isHash: boolean): AttributeCondition | undefined {
    const condition = this.#conditions.get(name);
    if (!condition) {
      if (isHash || this.#conditions.size > 1) throw missingKeyCondition(name);
      return undefined;
    }
    if (!INDEXABLE.has(condition.operator)) throw notIndexable();
    if (condition.values.some((value) => typeOf(value) !== type)) throw keyConditionType();
    return condition;
  }
}

const INDEXABLE: ReadonlySet<ComparisonOperator> = new Set([
  'EQ',
  'LT',
  'LE',
  'GT',
  'GE',
  'BETWEEN',
  'BEGINS_WITH',
]);

function rangeOf({ operator, values: [first, second] }: AttributeCondition): KeyRange {
  const key = encodeKey(first!);
  switch (operator) {
    case 'EQ':
      return { from: { key, isIncluded: true }, to: { key, isIncluded: true } };
    case 'LT':
    case 'LE':
      return { to: { key, isIncluded: operator === 'LE' } };
    case 'GT':
    case 'GE':
      return { from: { key, isIncluded: operator === 'GE' } };
    case 'BETWEEN':
      return { from: { key, isIncluded: true }, to: { key: encodeKey(second!), isIncluded: true } };
    default: {
      const end = afterPrefix(key);
      return { from: { key, isIncluded: true }, ...(end && { to: { key: end, isIncluded: false } }) };
    }
  }
}

/** The least key that is after all that begin with the prefix; `undefined` when there is none. */
function afterPrefix(prefix: Buffer): Buffer | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = Buffer.from(prefix.subarray(0, length));
  end[length - 1]!++;
  return end;
}

const OPERATORS: Readonly<Partial<Record<Comparator, ComparisonOperator>>> = {
  '=': 'EQ',
  '<': 'LT',
  '<=': 'LE',
  '>': 'GT',
  '>=': 'GE',
};
/** For a value on the left of the operator. */
const REVERSED: Readonly<Partial<Record<Comparator, ComparisonOperator>>> = {
  '=': 'EQ',
  '<': 'GT',
  '<=': 'GE',
  '>': 'LT',
  '>=': 'LE',
};

/** What a KeyConditionExpression says. Throws ValidationException. */
export function keyConditionOf(test: Test): KeyCondition {
  const conditions = new Map<string, AttributeCondition>();
  collect(test, conditions);
  return new KeyCondition(conditions);
}

function collect(test: Test, conditions: Map<string, AttributeCondition>): void {
  switch (test.kind) {
    case 'and':
      for (const part of test.parts) collect(part, conditions);
      return;
    case 'or':
    case 'not':
    case 'in':
      throw invalidKeyOperator(test.kind.toUpperCase());
    case 'exists':
      throw invalidKeyOperator('attribute_exists');
    case 'absent':
      throw invalidKeyOperator('attribute_not_exists');
    case 'type':
      throw invalidKeyOperator('attribute_type');
    case 'contains':
      throw invalidKeyOperator('contains');
    case 'between':
      if (test.operand.kind !== 'path') throw keyMustBeFirst('BETWEEN');
      add(conditions, 'BETWEEN', [test.operand, test.lower, test.upper]);
      return;
    case 'begins':
      if (test.operand.kind !== 'path') throw keyMustBeFirst('begins_with');
      add(conditions, 'BEGINS_WITH', [test.operand, test.part]);
      return;
    default: {
      const isReversed = test.left.kind !== 'path' && test.right.kind === 'path';
      const operator = (isReversed ? REVERSED : OPERATORS)[test.operator];
      if (!operator) throw invalidKeyOperator(test.operator);
      add(conditions, operator, isReversed ? [test.right, test.left] : [test.left, test.right]);
    }
  }
}

/** `operands` are the attribute and the values. */
function add(
  conditions: Map<string, AttributeCondition>,
  operator: ComparisonOperator,
  operands: readonly Operand[],
): void {
  const values: Value[] = [];
  let name: string | undefined;
  for (const operand of operands) {
    if (operand.kind === 'size') throw nestedOperation();
    if (operand.kind === 'value') values.push(operand.value);
    else {
      if (name !== undefined) throw severalAttributes();
      if (operand.path.length > 1) throw nestedAttribute();
      name = operand.path[0];
    }
  }
  if (name === undefined) throw noKeyAttribute();
  if (conditions.has(name)) throw repeatedKeyCondition();
  conditions.set(name, { operator, values });
}
