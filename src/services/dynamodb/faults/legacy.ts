// The errors of the legacy parameters: Expected, AttributeUpdates, KeyConditions, QueryFilter, ScanFilter,
// AttributesToGet and ConditionalOperator.

import type { Fault } from '../../../wire/fault.ts';
import { invalid, invalidParameter } from './validation.ts';

export const legacyTypeMismatch = (): Fault => invalid('Type mismatch for attribute to update');

export const valueAndList = (attribute: string): Fault =>
  invalidParameter(`Value and AttributeValueList cannot be used together for Attribute: ${attribute}`);

export const existsAndComparison = (attribute: string): Fault =>
  invalidParameter(`Exists and ComparisonOperator cannot be used together for Attribute: ${attribute}`);

export const comparisonWithoutValue = (operator: string, attribute: string): Fault =>
  invalidParameter(
    `Value or AttributeValueList must be used with ComparisonOperator: ${operator} for Attribute: ${attribute}`,
  );

export const listWithoutComparison = (attribute: string): Fault =>
  invalidParameter(
    `AttributeValueList can only be used with a ComparisonOperator for Attribute: ${attribute}`,
  );

export const valueMissing = (exists: boolean | undefined, attribute: string): Fault =>
  invalidParameter(`Value must be provided when Exists is ${exists ?? 'null'} for Attribute: ${attribute}`);

export const valueOfAbsent = (attribute: string): Fault =>
  invalidParameter(`Value cannot be used when Exists is false for Attribute: ${attribute}`);

export const wrongArgumentCount = (operator: string): Fault =>
  invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);

export const mixedTypes = (): Fault =>
  invalidParameter('AttributeValues inside AttributeValueList must be of same type');

export const wrongComparisonType = (operator: string, type: string): Fault =>
  invalidParameter(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`);

export const betweenOrder = (): Fault =>
  invalid('The BETWEEN condition was provided a range where the lower bound is greater than the upper bound');

export const conditionalOperatorAlone = (): Fault =>
  invalid('ConditionalOperator cannot be used without Filter or Expected');

export const conditionalOperatorForOne = (): Fault =>
  invalid('ConditionalOperator can only be used when Filter or Expected has two or more elements');

export const valueRequired = (): Fault =>
  invalidParameter('Only DELETE action is allowed when no attribute value is specified');

export const deleteTypeUnsupported = (type: string): Fault =>
  invalidParameter(`DELETE action with value is not supported for the type ${type}`);

export const addTypeUnsupported = (type: string): Fault =>
  invalidParameter(`ADD action is not supported for the type ${type}`);

export const duplicateAttribute = (name: string): Fault =>
  invalidParameter(`Duplicate value in attribute name: ${name}`);
