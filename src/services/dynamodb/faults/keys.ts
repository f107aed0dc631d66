// The errors of keys: of items, of requests, and of pages. AWS: several texts differ only in small words, and `of2048`
// has no space.

import type { Fault } from '../../../wire/fault.ts';
import { invalid, invalidParameter } from './validation.ts';

/** A key that is not the table's. */
export const keyMismatch = (): Fault => invalid('The provided key element does not match the schema');

export const missingKey = (name: string): Fault => invalidParameter(`Missing the key ${name} in the item`);

export const keyTypeMismatch = (name: string, expected: string, actual: string): Fault =>
  invalidParameter(`Type mismatch for key ${name} expected: ${expected} actual: ${actual}`);

export const emptyKey = (name: string, type: 'string' | 'binary'): Fault =>
  invalid(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type} value. Key: ${name}`,
  );

export const hashTooLong = (most: number): Fault =>
  invalidParameter(`Size of hashkey has exceeded the maximum size limit of${most} bytes`);

export const rangeTooLong = (most: number): Fault =>
  invalidParameter(`Aggregated size of all range keys has exceeded the size limit of ${most} bytes`);

/** An attribute of an item that is part of an index. */
export interface IndexAttribute {
  index: string;
  name: string;
}

export const indexKeyTypeMismatch = (
  { index, name }: IndexAttribute,
  expected: string,
  actual: string,
): Fault =>
  invalidParameter(
    `Type mismatch for Index Key ${name} Expected: ${expected} Actual: ${actual} IndexName: ${index}`,
  );

export const emptyIndexKey = ({ index, name }: IndexAttribute, type: 'string' | 'binary'): Fault =>
  invalid(
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
      `The AttributeValue for a key attribute cannot contain an empty ${type} value. IndexName: ${index}, IndexKey: ${name}`,
  );

/** An update of an attribute of an index with an empty value. */
export const emptyIndexKeyInUpdate = (type: 'string' | 'binary'): Fault =>
  invalid(
    'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. ' +
      `The AttributeValue for a key attribute cannot contain an empty ${type} value.`,
  );

/** An update computes, or copies from the item, a value of another type than the index has. */
export const unsupportedIndexKey = (): Fault =>
  invalid('The update expression attempted to update the secondary index key to unsupported type');

export const keyInUpdate = (name: string): Fault =>
  invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);

/** `reason` is the text of the error of the key, if there is one. */
export const invalidStartKey = (reason?: string): Fault =>
  invalid(`The provided starting key is invalid${reason === undefined ? '' : `: ${reason}`}`);

export const startKeyOutside = (): Fault =>
  invalid('The provided starting key is outside query boundaries based on provided conditions');

export const startKeyNotInRange = (): Fault =>
  invalid('The provided starting key does not match the range key predicate');

export const startKeyInOtherSegment = (segment: number, total: number): Fault =>
  invalidStartKey(
    'Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ' +
      `TotalSegments: ${total} Segment: ${segment}`,
  );

export const repeatedKeys = (): Fault => invalid('Provided list of item keys contains duplicates');
