// How many items a page has. Which ones is each list's own business: Route 53 goes on from names, and from a token in one
// list alone.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidPaginationToken } from './faults.ts';

export const zonesOfVpcPages: Pages = pagesOf({
  list: 'route53 zones of a vpc',
  invalidToken: invalidPaginationToken,
});

/** AWS: more than the most is the most, and so is nothing. */
export const pageSizeOf = (maxItems: number | undefined, most: number): number =>
  Math.min(maxItems ?? most, most);
