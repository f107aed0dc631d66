// The legacy parameters Expected, QueryFilter and ScanFilter, as conditions. Pure.

import {
  comparisonWithoutValue,
  conditionalOperatorAlone,
  conditionalOperatorForOne,
  existsAndComparison,
  listWithoutComparison,
  valueAndList,
  valueMissing,
  valueOfAbsent,
} from '../../faults/legacy.ts';
import { Condition, type Test } from '../condition.ts';
import { checkValue, type GivenValue } from '../values.ts';
import { type ComparisonOperator, checkedComparison, comparisonTest } from './comparisons.ts';

/** A comparison of an attribute, of QueryFilter, ScanFilter and KeyConditions. */
export interface ComparisonInput {
  ComparisonOperator?: string | undefined;
  AttributeValueList?: readonly GivenValue[] | undefined;
}

/** What an attribute is expected to be. */
export interface ExpectedInput extends ComparisonInput {
  Value?: GivenValue | undefined;
  Exists?: boolean | undefined;
}

/** How the comparisons of one parameter are put together. */
export type ConditionalOperator = string | undefined;

/** A filter; `undefined` when there is none. Throws ValidationException. */
export function legacyFilter(
  given: Readonly<Record<string, ComparisonInput>> | undefined,
  conditionalOperator: ConditionalOperator,
): Condition | undefined {
  const tests: [string, Test][] = Object.entries(given ?? {}).map(([name, comparison]) => {
    const operator = comparison.ComparisonOperator as ComparisonOperator;
    const values = checkedComparison(operator, comparison.AttributeValueList ?? []);
    return [name, comparisonTest(name, operator, values)];
  });
  return joined(tests, conditionalOperator);
}

/** A condition of a write; `undefined` when there is none. Throws ValidationException. */
export function legacyCondition(
  given: Readonly<Record<string, ExpectedInput>> | undefined,
  conditionalOperator: ConditionalOperator,
): Condition | undefined {
  const tests: [string, Test][] = Object.entries(given ?? {}).map(([name, expected]) => [
    name,
    expectedTest(name, expected),
  ]);
  return joined(tests, conditionalOperator);
}

function expectedTest(name: string, expected: ExpectedInput): Test {
  const { ComparisonOperator: given, AttributeValueList: list, Value: value, Exists: exists } = expected;
  if (list && value) throw valueAndList(name);
  if (given !== undefined) {
    if (exists !== undefined) throw existsAndComparison(name);
    const operator = given as ComparisonOperator;
    const needsNone = operator === 'NULL' || operator === 'NOT_NULL';
    if (!needsNone && !list && !value) throw comparisonWithoutValue(operator, name);
    const values = checkedComparison(operator, list ?? (value ? [value] : []));
    return comparisonTest(name, operator, values);
  }
  if (list) throw listWithoutComparison(name);
  if (exists !== false && !value) throw valueMissing(exists, name);
  if (exists === false && value) throw valueOfAbsent(name);
  if (!value) return { kind: 'absent', path: [name] };
  checkValue(value);
  return comparisonTest(name, 'EQ', [value]);
}

function joined(
  tests: readonly [string, Test][],
  conditionalOperator: ConditionalOperator,
): Condition | undefined {
  if (conditionalOperator !== undefined && tests.length < 2) {
    throw tests.length === 0 ? conditionalOperatorAlone() : conditionalOperatorForOne();
  }
  if (tests.length === 0) return undefined;
  const kind = conditionalOperator === 'OR' ? 'or' : 'and';
  return new Condition(
    { kind, parts: tests.map(([, test]) => test) },
    tests.map(([name]) => [name] as const),
  );
}
