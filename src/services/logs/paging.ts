// Pages of lists of logs.

import { decodeMarker, encodeMarker, pageOf } from '../../kernel/paging.ts';
import { invalidToken } from './faults.ts';

interface PageInput {
  limit?: number | undefined;
  nextToken?: string | undefined;
}

/** Sorted by `keyOf`, which must be unique. Throws InvalidParameterException. */
export function page<T>(items: readonly T[], keyOf: (item: T) => string, most: number, input: PageInput) {
  const { limit = most, nextToken } = input;
  if (nextToken !== undefined && encodeMarker(decodeMarker(nextToken)) !== nextToken) throw invalidToken();
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const found = pageOf(sorted, keyOf, limit, nextToken);
  return { items: found.items, ...(found.marker !== undefined && { nextToken: found.marker }) };
}
