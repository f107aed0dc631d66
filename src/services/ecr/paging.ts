// Pages of ECR's lists.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidToken } from './faults.ts';

export const repositoryPages: Pages = pagesOf({ list: 'ecr repositories', invalidToken });
export const imagePages: Pages = pagesOf({ list: 'ecr images', invalidToken });
export const imageIdPages: Pages = pagesOf({ list: 'ecr image ids', invalidToken });

/** AWS: 100 items where the request does not say how many. */
const DEFAULT_PAGE = 100;

/** The page that the input asks for. */
export const pageRequest = (input: {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}): { limit: number; token: string | undefined } => ({
  limit: input.maxResults ?? DEFAULT_PAGE,
  token: input.nextToken,
});
