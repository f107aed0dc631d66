// Pages of SSM's lists.

import { decodeMarker, encodeMarker, type Page, pageOf } from '../../kernel/paging.ts';
import { constraint, invalidNextToken } from './faults.ts';

/** Throws ValidationException for a page size out of 1 to `most`, InvalidNextToken. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  most: number,
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): Page<T> {
  if (MaxResults !== undefined && MaxResults < 1) {
    throw constraint('maxResults', String(MaxResults), 'Member must have value greater than or equal to 1');
  }
  if (MaxResults !== undefined && MaxResults > most) {
    throw constraint(
      'maxResults',
      String(MaxResults),
      `Member must have value less than or equal to ${most}`,
    );
  }
  if (NextToken !== undefined && encodeMarker(decodeMarker(NextToken)) !== NextToken)
    throw invalidNextToken();
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return pageOf(sorted, keyOf, MaxResults ?? most, NextToken);
}
