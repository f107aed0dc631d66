// Pages of SNS's lists: a hundred at a time.

import { decodeMarker, encodeMarker, pageOf } from '../../kernel/paging.ts';
import { invalidParameter } from './faults.ts';

const PAGE = 100;

/** `items` sorted by `keyOf`. Throws InvalidParameter. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  token: string | undefined,
): { items: T[]; NextToken?: string } {
  if (token !== undefined && encodeMarker(decodeMarker(token)) !== token) {
    throw invalidParameter('NextToken');
  }
  const { items: shown, marker } = pageOf(items, keyOf, PAGE, token === '' ? undefined : token);
  return { items: shown, ...(marker !== undefined && { NextToken: marker }) };
}
