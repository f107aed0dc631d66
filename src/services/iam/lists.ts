// Pages of IAM's lists, filtered by path.

import { type Page, type PageRequest, type Pages, pagesOf } from '../../aws/pages.ts';
import type { Records } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import { invalidMarker } from './faults.ts';
import { keyOf } from './records.ts';

export interface ListInput {
  PathPrefix?: string | undefined;
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

const DEFAULT_ITEMS = 100;

export const iamPages = (list: string): Pages =>
  pagesOf({ list: `iam ${list}`, invalidToken: invalidMarker });

const ofEntity = iamPages('parts of one entity');

export const pageRequest = ({ Marker, MaxItems = DEFAULT_ITEMS }: ListInput): PageRequest => ({
  limit: MaxItems,
  token: Marker,
});

/** The members that say how a list goes on. */
export const pagingOf = ({ token }: Page<unknown>) => ({
  IsTruncated: token !== undefined,
  ...(token !== undefined && { Marker: token }),
});

export const isBelow = ({ path }: { path: string }, { PathPrefix = '/' }: ListInput): boolean =>
  path.startsWith(PathPrefix);

/** All entities of a kind below a path. */
export const pageBelow = <T extends { path: string }>(
  pages: Pages,
  records: Records<T>,
  scope: Scope,
  input: ListInput,
): Promise<Page<T>> =>
  pages.ofCollection(records, scope, {
    ...pageRequest(input),
    ...(input.PathPrefix && { wanted: (record: T) => isBelow(record, input) }),
  });

/** The entities of a kind to which an index gives this key. */
export function pageBy<T extends { name: string }>(
  pages: Pages,
  records: Records<T>,
  scope: Scope,
  [index, key]: readonly [index: string, key: string],
  input: ListInput,
): Page<T> {
  const { limit, token } = pageRequest(input);
  const found = records.by(scope, index, key, { after: pages.keyOf(token), limit: limit + 1 });
  const items = found.slice(0, limit);
  return found.length > limit ? { items, token: pages.tokenFor(keyOf(items.at(-1)!.name)) } : { items };
}

/** What one entity has: tags, policies, groups. `nameOf` must be unique. */
export const pageOfParts = <T>(items: readonly T[], nameOf: (item: T) => string, input: ListInput): Page<T> =>
  ofEntity.ofSorted(
    items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    nameOf,
    pageRequest(input),
  );
