// The comparisons of the legacy parameters: how many values each has, and of which types. Pure.

import { betweenOrder, mixedTypes, wrongArgumentCount, wrongComparisonType } from '../../faults/legacy.ts';
import { compare } from '../comparison.ts';
import type { Comparator, Operand, Test } from '../condition.ts';
import { checkValue, type GivenValue, type TypeName, typeOf, type Value } from '../values.ts';

/** The comparison operators. The model checks that there is no other. */
export type ComparisonOperator =
  | 'EQ'
  | 'NE'
  | 'IN'
  | 'LE'
  | 'LT'
  | 'GE'
  | 'GT'
  | 'BETWEEN'
  | 'NOT_NULL'
  | 'NULL'
  | 'CONTAINS'
  | 'NOT_CONTAINS'
  | 'BEGINS_WITH';

const SCALARS: readonly TypeName[] = ['S', 'N', 'B'];
/** AWS: CONTAINS also looks for what has no order, but not for sets, lists or maps. */
const MEMBERS: readonly TypeName[] = [...SCALARS, 'BOOL', 'NULL'];

interface Rule {
  least: number;
  most: number;
  /** All, where it is absent. */
  types?: readonly TypeName[];
}

const RULES: Readonly<Record<ComparisonOperator, Rule>> = {
  EQ: { least: 1, most: 1 },
  NE: { least: 1, most: 1 },
  IN: { least: 1, most: Number.POSITIVE_INFINITY, types: SCALARS },
  LE: { least: 1, most: 1, types: SCALARS },
  LT: { least: 1, most: 1, types: SCALARS },
  GE: { least: 1, most: 1, types: SCALARS },
  GT: { least: 1, most: 1, types: SCALARS },
  BETWEEN: { least: 2, most: 2, types: SCALARS },
  NOT_NULL: { least: 0, most: 0 },
  NULL: { least: 0, most: 0 },
  CONTAINS: { least: 1, most: 1, types: MEMBERS },
  NOT_CONTAINS: { least: 1, most: 1, types: MEMBERS },
  BEGINS_WITH: { least: 1, most: 1, types: ['S', 'B'] },
};

/** Checks the values of a comparison, in AWS's order. Throws ValidationException. */
export function checkedComparison(
  operator: ComparisonOperator,
  given: readonly GivenValue[],
): readonly Value[] {
  for (const value of given) checkValue(value);
  const values = given as readonly Value[];
  const { least, most, types } = RULES[operator];
  if (values.length < least || values.length > most) throw wrongArgumentCount(operator);
  const [first, second] = values;
  if (!first) return values;
  const type = typeOf(first);
  if (values.some((value) => typeOf(value) !== type)) throw mixedTypes();
  if (types && !types.includes(type)) throw wrongComparisonType(operator, type);
  if (operator === 'BETWEEN' && compare(first, second!)! > 0) throw betweenOrder();
  return values;
}

const COMPARATORS: Readonly<Partial<Record<ComparisonOperator, Comparator>>> = {
  EQ: '=',
  NE: '<>',
  LE: '<=',
  LT: '<',
  GE: '>=',
  GT: '>',
};

/** The comparison of an attribute in the form in which conditions are evaluated. */
export function comparisonTest(name: string, operator: ComparisonOperator, values: readonly Value[]): Test {
  const path = [name] as const;
  const operand: Operand = { kind: 'path', path };
  const [first, second] = values.map((value): Operand => ({ kind: 'value', value }));
  switch (operator) {
    case 'NULL':
      return { kind: 'absent', path };
    case 'NOT_NULL':
      return { kind: 'exists', path };
    case 'IN':
      return { kind: 'in', operand, list: values.map((value) => ({ kind: 'value', value })) };
    case 'BETWEEN':
      return { kind: 'between', operand, lower: first!, upper: second! };
    case 'BEGINS_WITH':
      return { kind: 'begins', operand, part: first! };
    case 'CONTAINS':
      return { kind: 'contains', operand, part: first! };
    case 'NOT_CONTAINS': {
      // AWS: an absent attribute neither contains nor does not contain.
      const contains: Test = { kind: 'contains', operand, part: first! };
      return {
        kind: 'and',
        parts: [
          { kind: 'exists', path },
          { kind: 'not', part: contains },
        ],
      };
    }
    default:
      return { kind: 'compare', operator: COMPARATORS[operator]!, left: operand, right: first! };
  }
}
