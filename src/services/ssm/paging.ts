// Pages of SSM's lists.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { constraint, invalidNextToken } from './faults.ts';

export const parameterPages: Pages = pagesOf({ list: 'ssm parameters', invalidToken: invalidNextToken });
export const historyPages: Pages = pagesOf({ list: 'ssm history', invalidToken: invalidNextToken });

/** Throws ValidationException for a page size out of 1 to `most`, which is also the default. */
export function pageRequest(
  most: number,
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { limit: number; token: string | undefined } {
  if (MaxResults !== undefined && MaxResults < 1) {
    throw constraint('maxResults', String(MaxResults), 'Member must have value greater than or equal to 1');
  }
  if (MaxResults !== undefined && MaxResults > most) {
    throw constraint(
      'maxResults',
      String(MaxResults),
      `Member must have value less than or equal to ${most}`,
    );
  }
  return { limit: MaxResults ?? most, token: NextToken };
}
