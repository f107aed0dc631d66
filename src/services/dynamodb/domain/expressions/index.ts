// The expressions of a request: from their texts to what they mean. Pure.

import { type ExpressionKind, ExpressionProblem, invalidExpression } from '../../faults/expressions.ts';
import type { Condition } from '../condition.ts';
import { type KeyCondition, keyConditionOf } from '../key-condition.ts';
import type { Projection } from '../projection.ts';
import type { Update } from '../update.ts';
import { bindCondition } from './bind-condition.ts';
import { bindProjection } from './bind-paths.ts';
import { bindUpdate } from './bind-update.ts';
import { cached } from './cache.ts';
import { parseCondition } from './parse-condition.ts';
import { parseProjection } from './parse-projection.ts';
import { parseUpdate } from './parse-update.ts';
import type { Placeholders } from './placeholders.ts';

export { Placeholders } from './placeholders.ts';

const parsedCondition = cached(parseCondition);
const parsedUpdate = cached(parseUpdate);
const parsedProjection = cached(parseProjection);

/** Throws ValidationException. */
export const conditionOf = (
  kind: 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression',
  text: string,
  placeholders: Placeholders,
): Condition => reading(kind, () => bindCondition(parsedCondition(text).condition, placeholders));

/** Throws ValidationException. */
export const updateOf = (text: string, placeholders: Placeholders): Update =>
  reading('UpdateExpression', () => bindUpdate(parsedUpdate(text), placeholders));

/** Throws ValidationException. */
export const projectionOf = (text: string, placeholders: Placeholders): Projection =>
  reading('ProjectionExpression', () => bindProjection(parsedProjection(text), placeholders));

/** The condition on the key in a condition of the request. Throws ValidationException. */
export const keyConditionIn = ({ test }: Condition): KeyCondition => keyConditionOf(test);

function reading<T>(kind: ExpressionKind, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ExpressionProblem ? invalidExpression(kind, error) : error;
  }
}
