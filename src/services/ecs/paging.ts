// Pages of ECS's lists.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidParameter, invalidToken } from './faults.ts';

export const clusterPages: Pages = pagesOf({ list: 'ecs clusters', invalidToken });
export const definitionPages: Pages = pagesOf({ list: 'ecs task definitions', invalidToken });
export const fallingPages: Pages = pagesOf({ list: 'ecs task definitions, falling', invalidToken });
export const familyPages: Pages = pagesOf({ list: 'ecs families', invalidToken });
export const taskPages: Pages = pagesOf({ list: 'ecs tasks', invalidToken });
export const settingPages: Pages = pagesOf({ list: 'ecs settings', invalidToken });

/** AWS: pages of all lists have 100 items at most, which is also the default. */
const MOST = 100;

/** The page that the input asks for. Throws InvalidParameterException. */
export function pageRequest({
  maxResults = MOST,
  nextToken,
}: {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}): { limit: number; token: string | undefined } {
  if (maxResults < 1 || maxResults > MOST) {
    throw invalidParameter(`maxResults should be between 1 and ${MOST}.`);
  }
  return { limit: maxResults, token: nextToken };
}
