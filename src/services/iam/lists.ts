// Pages of IAM's lists, filtered by path.

import { pageOf } from '../../kernel/paging.ts';

export interface ListInput {
  PathPrefix?: string | undefined;
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

const DEFAULT_ITEMS = 100;

/** Sorted by `keyOf`, which must be unique. */
export function listPage<T>(items: readonly T[], keyOf: (item: T) => string, input: ListInput) {
  const limit = input.MaxItems ?? DEFAULT_ITEMS;
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = pageOf(sorted, keyOf, limit, input.Marker);
  return {
    items: page.items,
    paging: { IsTruncated: page.marker !== undefined, ...(page.marker && { Marker: page.marker }) },
  };
}

export const below = <T extends { path: string }>(items: readonly T[], { PathPrefix }: ListInput): T[] =>
  items.filter((item) => item.path.startsWith(PathPrefix ?? '/'));
