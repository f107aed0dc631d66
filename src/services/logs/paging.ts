// Pages of CloudWatch Logs' lists. Each list has its own tokens.

import { type PageRequest, type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidToken } from './faults.ts';

const MOST = 50;

const pages = (list: string): Pages => pagesOf({ list: `logs ${list}`, invalidToken });

/** Of DescribeLogGroups. */
export const groupPages = pages('groups');
/** Of DescribeLogStreams in the order of names. */
export const streamPages = pages('streams');
/** Of DescribeLogStreams in any other order. */
export const rankPages = pages('streams by rank');
/** Of DescribeMetricFilters. */
export const filterPages = pages('metric filters');
/** Of FilterLogEvents. */
export const eventPages = pages('events');

/** Of DescribeQueries. */
export const queryPages = pages('queries');
/** Of GetQueryResults. */
export const resultPages = pages('query results');
/** Of DescribeQueryDefinitions. */
export const definitionPages = pages('query definitions');
/** Of DescribeSubscriptionFilters. */
export const subscriptionPages = pages('subscription filters');

/** The page that the input asks for: 50 items by default. */
export const pageRequest = ({
  limit = MOST,
  nextToken,
}: {
  limit?: number | undefined;
  nextToken?: string | undefined;
}): PageRequest => ({ limit, token: nextToken });
