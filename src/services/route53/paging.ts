// Page sizes of Route 53's lists. Most lists continue from a name or an id, and one from a token.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidPaginationToken } from './faults.ts';

/** Pages of ListHostedZonesByVPC. */
export const zonesOfVpcPages: Pages = pagesOf({
  list: 'route53 zones of a vpc',
  invalidToken: invalidPaginationToken,
});

/** AWS: a missing MaxItems, and one above the maximum, mean the maximum. */
export const pageSizeOf = (maxItems: number | undefined, most: number): number =>
  Math.min(maxItems ?? most, most);
