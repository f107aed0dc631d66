// Pages of the lists of load balancing.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidToken } from './faults.ts';

export const balancerPages: Pages = pagesOf({ list: 'elbv2 load balancers', invalidToken });
export const targetGroupPages: Pages = pagesOf({ list: 'elbv2 target groups', invalidToken });
export const listenerPages: Pages = pagesOf({ list: 'elbv2 listeners', invalidToken });
export const rulePages: Pages = pagesOf({ list: 'elbv2 rules', invalidToken });
export const certificatePages: Pages = pagesOf({ list: 'elbv2 certificates', invalidToken });
export const limitPages: Pages = pagesOf({ list: 'elbv2 limits', invalidToken });
export const policyPages: Pages = pagesOf({ list: 'elbv2 policies', invalidToken });

/** AWS: 400 items, where the request does not ask for fewer. */
const LONGEST_PAGE = 400;

/** The page that the input asks for. */
export const pageRequest = (input: {
  PageSize?: number | undefined;
  Marker?: string | undefined;
}): { limit: number; token: string | undefined } => ({
  limit: input.PageSize ?? LONGEST_PAGE,
  token: input.Marker,
});
