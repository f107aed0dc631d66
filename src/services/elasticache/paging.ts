// Marker and MaxRecords, as every Describe operation of ElastiCache has them.

import { type Page, pageOf } from '../../kernel/paging.ts';
import { invalidParameterValue } from './faults.ts';

export interface PageRequest {
  MaxRecords?: number | undefined;
  Marker?: string | undefined;
}

const LEAST_RECORDS = 20;
const MOST_RECORDS = 100;

/**
 * `items` must be sorted by `keyOf`, ascending. Throws InvalidParameterValue for a MaxRecords that is not between 20
 * and 100; 100 is the default.
 */
export function pageOfRecords<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: PageRequest,
): Page<T> {
  const limit = request.MaxRecords ?? MOST_RECORDS;
  if (!Number.isInteger(limit) || limit < LEAST_RECORDS || limit > MOST_RECORDS) {
    throw invalidParameterValue(
      `Invalid value ${limit} for MaxRecords. Must be between ${LEAST_RECORDS} and ${MOST_RECORDS}`,
    );
  }
  return pageOf(items, keyOf, limit, request.Marker);
}
