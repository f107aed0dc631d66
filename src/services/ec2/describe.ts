// What all Describe operations of EC2 do alike: the ids asked for must exist, filters apply, and the rest is paged.
// However many records have to be read for a page, other work goes on in between.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { pagesOf } from '../../aws/pages.ts';
import type { Scope } from '../../aws/scope.ts';
import { invalidNextToken, malformedId, maxResultsWithIds, notFound } from './faults.ts';
import {
  type Filter,
  type FilterReaders,
  literalValuesOf,
  matcherOf,
  patternLength,
  type TagsOf,
} from './filters.ts';
import { isWellFormed, type ResourceKind } from './resource-kinds.ts';
import type { Resources } from './resources.ts';

/** How a list is filtered and paged. */
export interface Listable<T> {
  /** Names the list in its tokens; of a kind of resource, its type does by default. */
  list?: string;
  idOf(item: T): string;
  filters: FilterReaders<T>;
  /** Pages are sorted by this; by id when absent. Must be unique. Sources that are read in parts are sorted by it. */
  sortKeyOf?(item: T): string;
  /** How many a page has where MaxResults does not say; 1000 by default. */
  page?: number;
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

/** Where the items of a list come from. */
export interface Source<T> {
  find(id: string): T | undefined;
  /** All from the one whose sort key is `after`, or before it; sorted by key, unless `isUnsorted`. */
  batches(after: string | undefined): AsyncIterable<T[]>;
  isUnsorted?: boolean;
  /** Those with this value under the filter, where an index tells. `undefined` where none does, or they are many. */
  byFilter?(name: string, values: readonly string[]): T[] | undefined;
}

const PAGE = 1000;

/** Rejects with the faults of ids that are malformed or missing, of unknown filters and of bad page sizes and tokens. */
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

/** The same for what is never asked for by id. */
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

/** Characters of patterns, each compared with a text of up to 256. */
const COMPARED_IN_A_TURN = 20_000;

/** The most records that are read at once because an index gives them. */
export const MOST_BY_INDEX = 500;

export interface RecordsSource {
  /** By the filter's name, the index that tells. */
  indexes?: Readonly<Record<string, string>>;
  /** How many records are read at once. */
  batch?: number;
  /** The pages are not sorted by id. */
  isUnsorted?: boolean;
}

/** Records of one kind, sorted by id. */
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

/** What each record of another source consists of, sorted by the record's id and then by its own. */
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

/** What is at hand as a whole: few, or not kept as records. */
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

/** The first filter for which an index tells is enough; all of them are looked at afterwards. */
function narrowed<T>(source: Source<T>, how: Listable<T>, filters: readonly Filter[] | undefined): Source<T> {
  for (const filter of filters ?? []) {
    const values = literalValuesOf(filter);
    const found = values && source.byFilter?.(filter.Name ?? '', values);
    if (found) return { ...inMemory(found, how), isUnsorted: source.isUnsorted ?? false };
  }
  return source;
}

function withIds<T>(source: Source<T>, how: Describable<T>, ids: readonly string[]): Source<T> {
  const { kind } = how;
  if (kind.malformedCode) {
    const malformed = ids.find((id) => !isWellFormed(id, kind));
    if (malformed !== undefined) throw malformedId(kind.malformedCode, malformed, kind.idPrefix);
  }
  const found = new Map([...new Set(ids)].map((id) => [id, source.find(id)]));
  const missing = [...found].filter(([, item]) => item === undefined).map(([id]) => id);
  if (missing.length > 0) throw notFound(kind, missing);
  return inMemory([...found.values()] as T[], how);
}

/** How many answers are put together in one turn. */
const SHOWN_AT_ONCE = 50;

/** The views of a page whose items are large. */
export async function inTurns<T, V>(items: readonly T[], view: (item: T) => V): Promise<V[]> {
  const views: V[] = [];
  for (let from = 0; from < items.length; from += SHOWN_AT_ONCE) {
    if (from > 0) await nextTurn();
    views.push(...items.slice(from, from + SHOWN_AT_ONCE).map(view));
  }
  return views;
}

const sortBy = <T>(items: T[], keyOf: (item: T) => string): T[] =>
  items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
