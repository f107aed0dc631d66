// Pages as Lambda's lists give them: a marker, and at most 50 items unless fewer are asked for.

import { type Page, pageOf as page } from '../../kernel/paging.ts';

const MOST = 50;

/** `items` sorted by `keyOf` ascending. */
export const pageOf = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: { Marker?: string | undefined; MaxItems?: number | undefined },
): Page<T> => page(items, keyOf, Math.min(Math.max(input.MaxItems ?? MOST, 1), MOST), input.Marker);
