// Pages of SSM's lists.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidNextToken } from './faults.ts';

/** Shared by DescribeParameters and GetParametersByPath. */
export const parameterPages: Pages = pagesOf({ list: 'ssm parameters', invalidToken: invalidNextToken });
/** Of GetParameterHistory. */
export const historyPages: Pages = pagesOf({ list: 'ssm history', invalidToken: invalidNextToken });

export const sessionPages: Pages = pagesOf({ list: 'ssm sessions', invalidToken: invalidNextToken });
export const instancePages: Pages = pagesOf({ list: 'ssm instances', invalidToken: invalidNextToken });

/** The page that the input asks for; `most` is the page size of a request without MaxResults. */
export const pageRequest = (
  most: number,
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { limit: number; token: string | undefined } => ({ limit: MaxResults ?? most, token: NextToken });
