// The errors of conditions on the key, in queries.

import type { Fault } from '../../../wire/fault.ts';
import { invalid, invalidParameter } from './validation.ts';

export const invalidKeyOperator = (operator: string): Fault =>
  invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);

export const nestedOperation = (): Fault =>
  invalid('KeyConditionExpressions cannot contain nested operations');

export const keyMustBeFirst = (operator: string): Fault =>
  invalid(
    `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
  );

export const severalAttributes = (): Fault =>
  invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');

export const nestedAttribute = (): Fault =>
  invalid('KeyConditionExpressions cannot have conditions on nested attributes');

export const noKeyAttribute = (): Fault =>
  invalid('Invalid condition in KeyConditionExpression: No key attribute specified');

export const repeatedKeyCondition = (): Fault =>
  invalid('KeyConditionExpressions must only contain one condition per key');

export const wrongConditionCount = (): Fault => invalid('Conditions can be of length 1 or 2 only');

export const keyConditionUnsupported = (): Fault => invalid('Query key condition not supported');

export const missingKeyCondition = (name: string): Fault =>
  invalid(`Query condition missed key schema element: ${name}`);

export const notIndexable = (): Fault =>
  invalid('Attempted conditional constraint is not an indexable operation');

export const keyConditionType = (): Fault =>
  invalidParameter('Condition parameter type does not match schema type');

export const noKeyConditions = (): Fault =>
  invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
