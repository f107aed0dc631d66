// Paging of ElastiCache's Describe operations: MaxRecords and Marker, or MaxResults and NextToken.

import { type Pages, pagesOf, type PageRequest as Read } from '../../aws/pages.ts';
import type { Range } from '../../store/store.ts';
import { invalidMarker, invalidMaxRecords } from './faults/requests.ts';

/** The paging members of a request, as the SDK spells them. */
export interface PageRequest {
  MaxRecords?: number | undefined;
  Marker?: string | undefined;
}

/** The allowed page sizes, both ends inclusive. */
export interface Sizes {
  least: number;
  /** Also the default. */
  most: number;
}

const RECORDS: Sizes = { least: 20, most: 100 };

/** The pages of one list. Refuses a marker of another list with InvalidParameterValue. */
export const pagesNamed = (list: string): Pages =>
  pagesOf({ list: `elasticache ${list}`, invalidToken: invalidMarker });

/** Throws InvalidParameterValue for a MaxRecords outside `sizes`; nearly all operations allow 20 to 100. */
export function readOf({ MaxRecords, Marker }: PageRequest, sizes: Sizes = RECORDS): Read {
  return { limit: limitOf('MaxRecords', MaxRecords, sizes), token: Marker };
}

/** The page size to use. Throws InvalidParameterValue for one that is not allowed. */
export function limitOf(name: string, given: number | undefined, { least, most }: Sizes): number {
  const limit = given ?? most;
  if (!Number.isInteger(limit) || limit < least || limit > most)
    throw invalidMaxRecords(name, limit, least, most);
  return limit;
}

/**
 * The range of stored records that a page of names needs, when the list also has names that are not stored. Throws
 * InvalidParameterValue for an invalid marker.
 */
export const pageOfOwn = (pages: Pages, { limit, token }: Read): Range => ({
  after: pages.keyOf(token),
  limit: limit + 1,
});

/** The response member that says where the next page begins. */
export const markerOf = (token: string | undefined) => (token === undefined ? {} : { Marker: token });
