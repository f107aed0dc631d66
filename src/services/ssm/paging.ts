// Pages of SSM's lists.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidNextToken } from './faults.ts';

export const parameterPages: Pages = pagesOf({ list: 'ssm parameters', invalidToken: invalidNextToken });
export const historyPages: Pages = pagesOf({ list: 'ssm history', invalidToken: invalidNextToken });

/** `most` where no page size is asked for. */
export const pageRequest = (
  most: number,
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { limit: number; token: string | undefined } => ({ limit: MaxResults ?? most, token: NextToken });
