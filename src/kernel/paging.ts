// Pages of a sorted list. The marker is the key of the last item shown, so that items which come or go
// between two pages are neither shown twice nor hide others.

export interface Page<T> {
  items: T[];
  /** Present when there are more. */
  marker?: string;
}

/** `items` sorted by `keyOf` ascending; an unknown marker simply starts behind where it would stand. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  limit: number,
  marker?: string,
): Page<T> {
  const after = marker === undefined ? undefined : decodeMarker(marker);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, limit);
  if (rest.length <= limit) return { items: page };
  return { items: page, marker: encodeMarker(keyOf(page.at(-1)!)) };
}

export const encodeMarker = (key: string): string => Buffer.from(key).toString('base64url');
export const decodeMarker = (marker: string): string => Buffer.from(marker, 'base64url').toString();
