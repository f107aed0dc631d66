// What the Describe operations of EC2 share: given ids must exist, filters apply, and the result is paged. Reading
// many records lets other work run in between.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { pagesOf } from '../../aws/pages.ts';
import type { Scope } from '../../aws/scope.ts';
import { invalidNextToken, maxResultsWithIds, notFound } from './faults.ts';
import {
  type Filter,
  type FilterReaders,
  literalValuesOf,
  matcherOf,
  patternLength,
  type TagsOf,
} from './filters.ts';
import type { ResourceKind } from './resource-kinds.ts';
import { checkForm, type Resources } from './resources.ts';

/** How items of type T are filtered and paged. */
export interface Listable<T> {
  /** Names the list in its page tokens. The resource type by default. */
  list?: string;
  idOf(item: T): string;
  filters: FilterReaders<T>;
  /** The sort key of pages; the id if absent. Must be unique. A source that is read in batches must be sorted by it. */
  sortKeyOf?(item: T): string;
  /** The page size of a request without MaxResults; 1000 by default. */
  page?: number;
}

/** How a kind of resource is selected by id, filtered and paged. */
export interface Describable<T> extends Listable<T> {
  kind: ResourceKind;
  /** The input member with ids, as in error texts: `SubnetIds`. */
  idParameter: string;
}

/** The members of an input that select a page. */
export interface Selection {
  ids: string[] | undefined;
  filters: Filter[] | undefined;
  maxResults: number | undefined;
  nextToken: string | undefined;
}

/** One page. */
export interface Selected<T> {
  items: T[];
  /** Absent if this is the last page. */
  nextToken?: string;
}

/** Where the items of a list come from. */
export interface Source<T> {
  find(id: string): T | undefined;
  /** All items with sort keys after `after`, and possibly earlier ones; sorted by key unless `isUnsorted`. */
  batches(after: string | undefined): AsyncIterable<T[]>;
  isUnsorted?: boolean;
  /** The items that match this filter, found by an index. `undefined` if there is no index or too many items match. */
  byFilter?(name: string, values: readonly string[]): T[] | undefined;
}

const PAGE = 1000;

/**
 * A page of a kind of resource. Rejects with the faults of malformed and unknown ids, unknown filters, and invalid
 * page sizes and tokens.
 */
export async function select<T>(
  source: Source<T> | readonly T[],
  how: Describable<T>,
  selection: Selection,
  tagLookup: (resourceId: string) => Record<string, string>,
): Promise<Selected<T>> {
  const { ids, maxResults } = selection;
  if (ids?.length && maxResults !== undefined) throw maxResultsWithIds(how.idParameter);
  const all = 'batches' in source ? source : inMemory(source, how);
  const chosen = ids?.length ? withIds(all, how, ids) : all;
  return list(chosen, how, selection, (item) => tagLookup(how.idOf(item)));
}

/** Like `select`, for lists without ids. */
export async function list<T>(
  source: Source<T> | readonly T[],
  how: Listable<T> & { kind?: ResourceKind },
  { filters, maxResults, nextToken }: Omit<Selection, 'ids'>,
  tagsOf: TagsOf<T>,
): Promise<Selected<T>> {
  const limit = maxResults ?? how.page ?? PAGE;
  const pages = pagesOf({
    list: `ec2 ${how.list ?? how.kind?.resourceType ?? ''}`,
    invalidToken: invalidNextToken,
  });
  const after = pages.keyOf(nextToken);
  const keyOf = how.sortKeyOf ?? how.idOf;
  const isWanted = matcherOf(filters, how.filters, tagsOf);
  const inOneTurn = Math.max(1, Math.floor(COMPARED_IN_A_TURN / (patternLength(filters) + 1)));
  const isNext = (item: T) => isWanted(item) && (after === undefined || keyOf(item) > after);
  const found: T[] = [];
  const { isUnsorted, batches } = narrowed(
    'batches' in source ? source : inMemory(source, how),
    how,
    filters,
  );
  for await (const batch of batches(after)) {
    for (const [index, item] of batch.entries()) {
      if (isNext(item)) found.push(item);
      if ((index + 1) % inOneTurn === 0) await nextTurn();
    }
    if (!isUnsorted && found.length > limit) break;
  }
  if (isUnsorted) sortBy(found, keyOf);
  const { items, token } = pages.ofSorted(found, keyOf, { limit });
  return token === undefined ? { items } : { items, nextToken: token };
}

/**
 * The members of the input that `select` uses. `ids`: the member with ids, which has a different name in each
 * operation.
 */
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

/** Pattern characters that are compared in one turn of the event loop, each with up to 256 characters of text. */
const COMPARED_IN_A_TURN = 20_000;

/** If an index finds more records, the list reads all records in batches instead. */
export const MOST_BY_INDEX = 500;

/** Options of `recordsOf`. */
export interface RecordsSource {
  /** Filter name -> index that finds its matches. */
  indexes?: Readonly<Record<string, string>>;
  /** Records in each batch. */
  batch?: number;
  /** The list's sort key is not the id. */
  isUnsorted?: boolean;
}

/** The records of one kind, sorted by id. */
export function recordsOf<T>(
  resources: Resources<T>,
  scope: Scope,
  { indexes = {}, batch, isUnsorted = false }: RecordsSource = {},
): Source<T> {
  return {
    isUnsorted,
    find: (id) => resources.find(scope, id),
    async *batches(after) {
      const from = isUnsorted ? undefined : after;
      for await (const entries of resources.batches(scope, { from, limit: batch })) {
        yield entries.map(({ value }) => value);
      }
    },
    byFilter(name, values) {
      const index = Object.hasOwn(indexes, name) ? indexes[name] : undefined;
      if (index === undefined) return undefined;
      const count = values.reduce((sum, value) => sum + resources.countBy(scope, index, value), 0);
      if (count > MOST_BY_INDEX) return undefined;
      const found = values.flatMap((value) => resources.by(scope, index, value));
      const byId = new Map(found.map((one) => [resources.idOf(one), one]));
      return sortBy([...byId.values()], resources.idOf);
    },
  };
}

/** The parts of each record of another source. Their sort key must begin with the record's id and a space. */
export function partsOf<R, T>(
  source: Source<R>,
  { find, parts }: { find(id: string): T | undefined; parts(record: R): T[] },
): Source<T> {
  return {
    find,
    async *batches(after) {
      for await (const batch of source.batches(after?.split(' ')[0])) yield batch.flatMap(parts);
    },
    byFilter: (name, values) => source.byFilter?.(name, values)?.flatMap(parts),
  };
}

/** A source of items that are already in memory. */
export function inMemory<T>(
  items: readonly T[],
  { idOf, sortKeyOf }: Pick<Listable<T>, 'idOf' | 'sortKeyOf'>,
) {
  const source: Source<T> = {
    find: (id) => items.find((item) => idOf(item) === id),
    async *batches() {
      yield sortBy([...items], sortKeyOf ?? idOf);
    },
  };
  return source;
}

/** Uses the first filter with an index. All filters are applied afterwards. */
function narrowed<T>(source: Source<T>, how: Listable<T>, filters: readonly Filter[] | undefined): Source<T> {
  for (const filter of filters ?? []) {
    const values = literalValuesOf(filter);
    const found = values && source.byFilter?.(filter.Name ?? '', values);
    if (found) return { ...inMemory(found, how), isUnsorted: source.isUnsorted ?? false };
  }
  return source;
}

function withIds<T>(source: Source<T>, how: Describable<T>, ids: readonly string[]): Source<T> {
  for (const id of ids) checkForm(how.kind, id);
  const found = new Map([...new Set(ids)].map((id) => [id, source.find(id)]));
  const missing = [...found].filter(([, item]) => item === undefined).map(([id]) => id);
  if (missing.length > 0) throw notFound(how.kind, missing);
  return inMemory([...found.values()] as T[], how);
}

/** Views that are rendered in one turn of the event loop. */
const VIEWS_PER_TURN = 50;

/** Renders the views of a page, in several turns of the event loop if it has many items. */
export async function inTurns<T, V>(items: readonly T[], view: (item: T) => V): Promise<V[]> {
  const views: V[] = [];
  for (let from = 0; from < items.length; from += VIEWS_PER_TURN) {
    if (from > 0) await nextTurn();
    views.push(...items.slice(from, from + VIEWS_PER_TURN).map(view));
  }
  return views;
}

const sortBy = <T>(items: T[], keyOf: (item: T) => string): T[] =>
  items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
