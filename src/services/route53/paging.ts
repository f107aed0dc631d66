// How many items a page has. Which ones is each list's own business: Route 53 goes on from names, not from tokens.

import { constraint } from './faults.ts';

/** Throws InvalidInput for what is no size of a page. AWS: more than the most is the most, nothing is the most. */
export function pageSizeOf(maxItems: number | undefined, most: number): number {
  if (maxItems === undefined) return most;
  if (!Number.isInteger(maxItems) || maxItems < 1)
    throw constraint('maxItems', maxItems, 'Member must be a number of 1 or more');
  return Math.min(maxItems, most);
}
