// Pages of IAM's lists, filtered by path.

import { type Page, type PageRequest, type Pages, pagesOf } from '../../aws/pages.ts';
import type { Records } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import { invalidMarker } from './faults.ts';
import { keyOf } from './records.ts';

/** The paging members that IAM's list operations share. */
export interface ListInput {
  PathPrefix?: string | undefined;
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

const DEFAULT_ITEMS = 100;

/** Pages of one list. `list` names it in the tokens, so that a token of another list is refused. */
export const iamPages = (list: string): Pages =>
  pagesOf({ list: `iam ${list}`, invalidToken: invalidMarker });

const ofEntity = iamPages('parts of one entity');

/** The page that the input asks for: 100 items by default. */
export const pageRequest = ({ Marker, MaxItems = DEFAULT_ITEMS }: ListInput): PageRequest => ({
  limit: MaxItems,
  token: Marker,
});

/** The members of the output that tell the client whether more pages follow. */
export const pagingOf = ({ token }: Page<unknown>) => ({
  IsTruncated: token !== undefined,
  ...(token !== undefined && { Marker: token }),
});

/** Whether the entity's path begins with the requested prefix. */
export const isBelow = ({ path }: { path: string }, { PathPrefix = '/' }: ListInput): boolean =>
  path.startsWith(PathPrefix);

/** A page of all entities of a kind below the requested path. */
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

/** A page of the entities that have `key` in this index. */
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

/** A page of the parts of one entity: its tags, policies or groups. `nameOf` must be unique. */
export const pageOfParts = <T>(items: readonly T[], nameOf: (item: T) => string, input: ListInput): Page<T> =>
  ofEntity.ofSorted(
    items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    nameOf,
    pageRequest(input),
  );
