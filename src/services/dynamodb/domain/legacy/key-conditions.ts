// The legacy parameter KeyConditions, as the condition on the key of a query. Pure.

import { type AttributeCondition, KeyCondition } from '../key-condition.ts';
import { type ComparisonOperator, checkedComparison } from './comparisons.ts';
import type { ComparisonInput } from './conditions.ts';

/** Throws ValidationException. */
export function legacyKeyCondition(given: Readonly<Record<string, ComparisonInput>>): KeyCondition {
  const conditions = Object.entries(given).map(([name, comparison]): [string, AttributeCondition] => {
    const operator = comparison.ComparisonOperator as ComparisonOperator;
    return [name, { operator, values: checkedComparison(operator, comparison.AttributeValueList ?? []) }];
  });
  return new KeyCondition(new Map(conditions));
}
