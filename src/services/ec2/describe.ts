// What all Describe operations of EC2 do alike: the ids asked for must exist, filters apply, and the rest is paged.

import { decodeMarker, encodeMarker, pageOf } from '../../kernel/paging.ts';
import {
  invalidNextToken,
  malformedId,
  maxResultsTooLarge,
  maxResultsTooSmall,
  maxResultsWithIds,
  notFound,
} from './faults.ts';
import { applyFilters, type Filter, type FilterReaders, type TagsOf } from './filters.ts';
import { isWellFormed, type ResourceKind } from './resource-kinds.ts';

/** How a list is filtered and paged. */
export interface Listable<T> {
  idOf(item: T): string;
  filters: FilterReaders<T>;
  /** Pages are sorted by this; by id when absent. Must be unique. */
  sortKeyOf?(item: T): string;
  /** The most that MaxResults may be; 1000 when absent. */
  maxPage?: number;
}

/** How one kind of resource is described, by id or by filter. */
export interface Describable<T> extends Listable<T> {
  kind: ResourceKind;
  /** The input member that lists ids, as errors name it: `SubnetIds`. */
  idParameter: string;
}

export interface Selection {
  ids: string[] | undefined;
  filters: Filter[] | undefined;
  maxResults: number | undefined;
  nextToken: string | undefined;
}

export interface Selected<T> {
  items: T[];
  /** Absent on the last page. */
  nextToken?: string;
}

const LEAST_PAGE = 5;
const MOST_PAGE = 1000;

/** Throws the faults of ids that are malformed or missing, of unknown filters and of bad page sizes and tokens. */
export function select<T>(
  items: readonly T[],
  how: Describable<T>,
  selection: Selection,
  tagLookup: (resourceId: string) => Record<string, string>,
): Selected<T> {
  const { ids, maxResults } = selection;
  if (ids?.length && maxResults !== undefined) throw maxResultsWithIds(how.idParameter);
  return list(withIds(items, how, ids), how, selection, (item) => tagLookup(how.idOf(item)));
}

/** The same for what is never asked for by id. */
export function list<T>(
  items: readonly T[],
  how: Listable<T>,
  { filters, maxResults, nextToken }: Omit<Selection, 'ids'>,
  tagsOf: TagsOf<T>,
): Selected<T> {
  const most = how.maxPage ?? MOST_PAGE;
  checkPaging(maxResults, nextToken, most);
  const keyOf = how.sortKeyOf ?? how.idOf;
  const matching = applyFilters(items, filters, how.filters, tagsOf);
  matching.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = pageOf(matching, keyOf, maxResults ?? most, nextToken);
  return page.marker === undefined ? { items: page.items } : { items: page.items, nextToken: page.marker };
}

/** All of the input that `select` looks at, whichever operation it belongs to. */
export function selectionOf(
  input: {
    Filters?: Filter[] | undefined;
    MaxResults?: number | undefined;
    NextToken?: string | undefined;
  },
  ids: string[] | undefined,
): Selection {
  return { ids, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken };
}

function withIds<T>(items: readonly T[], how: Describable<T>, ids: string[] | undefined): readonly T[] {
  if (!ids || ids.length === 0) return items;
  const { kind } = how;
  if (kind.malformedCode) {
    const malformed = ids.find((id) => !isWellFormed(id, kind));
    if (malformed !== undefined) throw malformedId(kind.malformedCode, malformed, kind.idPrefix);
  }
  const byId = new Map(items.map((item) => [how.idOf(item), item]));
  const unique = [...new Set(ids)];
  const missing = unique.filter((id) => !byId.has(id));
  if (missing.length > 0) throw notFound(kind, missing);
  return unique.map((id) => byId.get(id)!);
}

function checkPaging(maxResults: number | undefined, nextToken: string | undefined, most: number): void {
  if (nextToken !== undefined && encodeMarker(decodeMarker(nextToken)) !== nextToken)
    throw invalidNextToken();
  if (maxResults === undefined) return;
  if (maxResults < LEAST_PAGE) throw maxResultsTooSmall(maxResults, LEAST_PAGE);
  if (maxResults > most) throw maxResultsTooLarge(maxResults, most);
}
