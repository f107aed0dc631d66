// Pages of IAM's lists, filtered by path.

import { pageOf } from '../../kernel/paging.ts';
import { validation } from './faults.ts';

export interface ListInput {
  PathPrefix?: string | undefined;
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

const DEFAULT_ITEMS = 100;
const MOST_ITEMS = 1_000;

/** Sorted by `keyOf`, which must be unique. */
export function listPage<T>(items: readonly T[], keyOf: (item: T) => string, input: ListInput) {
  const limit = input.MaxItems ?? DEFAULT_ITEMS;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ITEMS) {
    throw validation(
      `1 validation error detected: Value '${limit}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and ${MOST_ITEMS}`,
    );
  }
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = pageOf(sorted, keyOf, limit, input.Marker);
  return {
    items: page.items,
    paging: { IsTruncated: page.marker !== undefined, ...(page.marker && { Marker: page.marker }) },
  };
}

export const below = <T extends { path: string }>(items: readonly T[], { PathPrefix }: ListInput): T[] =>
  items.filter((item) => item.path.startsWith(PathPrefix ?? '/'));
