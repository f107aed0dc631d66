// How many items a page has. Which ones is each list's own business: Route 53 goes on from names, not from tokens.

/** AWS: more than the most is the most, and so is nothing. */
export const pageSizeOf = (maxItems: number | undefined, most: number): number =>
  Math.min(maxItems ?? most, most);
