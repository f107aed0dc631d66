// The errors of parameters that depend on each other.

import type { Fault } from '../../../wire/fault.ts';
import { invalid, invalidParameter } from './validation.ts';

/** Of PutItem and DeleteItem. */
export const wrongReturnValues = (): Fault => invalid('ReturnValues can only be ALL_OLD or NONE');

/** The operations that read several items. AWS: only Query counts its errors of Select. */
export type PagedOperation = 'Query' | 'Scan';

const ofSelect = (operation: PagedOperation, message: string): Fault =>
  invalid(operation === 'Query' ? `1 validation error detected: ${message}` : message);

export const projectionRequired = (operation: PagedOperation): Fault =>
  ofSelect(
    operation,
    'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
  );

/** `parameter` is AttributesToGet or ProjectionExpression. */
export const projectionNotAllowed = (operation: PagedOperation, parameter: string, select: string): Fault => {
  const wanted = select === 'COUNT' ? 'only the Count' : select;
  return ofSelect(operation, `Cannot specify the ${parameter} when choosing to get ${wanted}`);
};

export const indexRequired = (operation: PagedOperation): Fault =>
  ofSelect(operation, 'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');

export const invalidStartValue = ({ message }: Error): Fault =>
  invalid(`The provided starting key is invalid: ${message}`);

export const totalSegmentsMissing = (): Fault =>
  invalid(
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  );

export const segmentMissing = (): Fault =>
  invalid(
    'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
  );

export const segmentTooHigh = (segment: number, totalSegments: number): Fault =>
  invalid(
    `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${totalSegments}`,
  );

/** `parameter` is `Filter Expression` or `QueryFilter`. */
export const filterOnKey = (parameter: string, name: string): Fault =>
  invalid(`${parameter} can only contain non-primary key attributes: Primary key attribute: ${name}`);

/** `kind` is `Key` for the table's own. */
export const nestedKeyPath = (kind: 'Key' | 'IndexKey', name: string): Fault =>
  invalid(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`,
  );

/** A global index lacks attributes that the request wants. */
export const notProjected = (index: string, names: readonly string[]): Fault =>
  invalidParameter(`Global secondary index ${index} does not project [${names.join(', ')}]`);

export const allAttributesOfIndex = (index: string): Fault =>
  invalidParameter(
    `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index} because its projection type is not ALL`,
  );
