// Pages of lists of logs.

import { type PageRequest, type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidToken } from './faults.ts';

const MOST = 50;

const pages = (list: string): Pages => pagesOf({ list: `logs ${list}`, invalidToken });

export const groupPages = pages('groups');
export const streamPages = pages('streams');
/** Of streams in another order than that of their names. */
export const rankPages = pages('streams by rank');
export const filterPages = pages('metric filters');
export const eventPages = pages('events');

export const pageRequest = ({
  limit = MOST,
  nextToken,
}: {
  limit?: number | undefined;
  nextToken?: string | undefined;
}): PageRequest => ({ limit, token: nextToken });
