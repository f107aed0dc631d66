// Pages as the Describe operations of ElastiCache have them: MaxRecords and Marker, or MaxResults and NextToken.

import { type Pages, pagesOf, type PageRequest as Read } from '../../aws/pages.ts';
import type { Range } from '../../store/store.ts';
import { invalidMarker, invalidMaxRecords } from './faults.ts';

export interface PageRequest {
  MaxRecords?: number | undefined;
  Marker?: string | undefined;
}

export interface Sizes {
  least: number;
  /** Also the default. */
  most: number;
}

const RECORDS: Sizes = { least: 20, most: 100 };

/** The pages of one list, which its markers name. A marker of another list is refused with InvalidParameterValue. */
export const pagesNamed = (list: string): Pages =>
  pagesOf({ list: `elasticache ${list}`, invalidToken: invalidMarker });

/** Throws InvalidParameterValue for a MaxRecords that is not within `sizes`: between 20 and 100, as nearly everywhere. */
export function readOf({ MaxRecords, Marker }: PageRequest, sizes: Sizes = RECORDS): Read {
  return { limit: limitOf('MaxRecords', MaxRecords, sizes), token: Marker };
}

/** Throws InvalidParameterValue. */
export function limitOf(name: string, given: number | undefined, { least, most }: Sizes): number {
  const limit = given ?? most;
  if (!Number.isInteger(limit) || limit < least || limit > most)
    throw invalidMaxRecords(name, limit, least, most);
  return limit;
}

/** What a page of names needs of those that are stored, where others stand among them. Throws InvalidParameterValue. */
export const pageOfOwn = (pages: Pages, { limit, token }: Read): Range => ({
  after: pages.keyOf(token),
  limit: limit + 1,
});

/** As the answer shows where the next page begins. */
export const markerOf = (token: string | undefined) => (token === undefined ? {} : { Marker: token });
