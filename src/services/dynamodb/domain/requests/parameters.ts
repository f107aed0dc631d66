// What the requests for items have in common: expressions or their legacy forms, but not both. Pure.

import {
  mixedParameters,
  namesWithoutExpression,
  valuesWithoutExpression,
} from '../../faults/expressions.ts';
import type { Condition } from '../condition.ts';
import { conditionOf, Placeholders, projectionOf } from '../expressions/index.ts';
import type { PlaceholderInput } from '../expressions/placeholders.ts';
import { legacyProjection } from '../legacy/attributes-to-get.ts';
import { type ExpectedInput, legacyCondition } from '../legacy/conditions.ts';
import type { Projection } from '../projection.ts';

/** The condition of a write. */
export interface ConditionInput extends PlaceholderInput {
  ConditionExpression?: string | undefined;
  Expected?: Readonly<Record<string, ExpectedInput>> | undefined;
  ConditionalOperator?: string | undefined;
}

/** The projection of a read. */
export interface ProjectionInput extends PlaceholderInput {
  ProjectionExpression?: string | undefined;
  AttributesToGet?: readonly string[] | undefined;
}

const isGiven = (input: object, name: string): boolean =>
  (input as Record<string, unknown>)[name] !== undefined;

/**
 * Checks that expressions are not mixed with legacy parameters, and placeholders not given without expressions. Throws
 * ValidationException. AWS: it is the first check of a request.
 */
export function checkParameters(
  input: PlaceholderInput,
  expressions: readonly string[],
  legacy: readonly string[],
): void {
  const given = expressions.filter((name) => isGiven(input, name));
  if (given.length > 0) {
    const others = legacy.filter((name) => isGiven(input, name));
    if (others.length > 0) throw mixedParameters(others, given);
  } else if (input.ExpressionAttributeNames) throw namesWithoutExpression();
  const withValues = expressions.filter((name) => name !== 'ProjectionExpression');
  if (input.ExpressionAttributeValues && !withValues.some((name) => given.includes(name))) {
    if (withValues.length > 0) throw valuesWithoutExpression(withValues);
  }
}

/** The condition, from either form. `others` binds the request's other expressions first. Throws ValidationException. */
export function readCondition(
  input: ConditionInput,
  others: (placeholders: Placeholders) => void = () => {},
): Condition | undefined {
  const legacy = legacyCondition(input.Expected, input.ConditionalOperator);
  const placeholders = new Placeholders(input);
  others(placeholders);
  const { ConditionExpression: text } = input;
  const condition = text === undefined ? legacy : conditionOf('ConditionExpression', text, placeholders);
  placeholders.checkAllUsed();
  return condition;
}

/** The projection, from either form, of a request without other expressions. Throws ValidationException. */
export function readProjection(input: ProjectionInput): Projection | undefined {
  const legacy = input.AttributesToGet && legacyProjection(input.AttributesToGet);
  const placeholders = new Placeholders(input);
  const { ProjectionExpression: text } = input;
  const projection = text === undefined ? legacy : projectionOf(text, placeholders);
  placeholders.checkAllUsed();
  return projection;
}
