// Pages of sorted lists and their continuation tokens. A token contains the key of the last item shown, so that items
// which are added or removed between two pages neither repeat nor hide others. It also names its list; a token of
// another list is refused.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Collection, Entry, Keyed } from '../store/store.ts';
import type { Scope } from './scope.ts';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** The token of the next page; absent from the last page. */
  token?: string;
}

/** What differs from list to list. */
export interface PageRules {
  /** The list's name in its tokens, e.g. `ssm parameters`. */
  list: string;
  /** The error for a token that this list did not create. */
  invalidToken(token: string): Error;
}

/** What a request asks for. */
export interface PageRequest {
  /** The most items of a page; at least 1. */
  limit: number;
  /** The token in the request; an empty text counts as none. */
  token?: string | undefined;
}

/** A page of stored documents: those below `prefix` that `wanted` accepts. */
export interface DocumentsRequest<T> extends PageRequest {
  prefix?: string;
  wanted?(value: T): boolean;
}

/** Cuts one list into pages. */
export interface Pages {
  /** A page of `items`, which are sorted by `keyOf` in UTF-16 order and have unique keys. Throws invalidToken. */
  ofSorted<T>(items: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T>;
  /**
   * A page of the documents whose ids begin with `prefix` and that `wanted` accepts, sorted by id. Yields to the event
   * loop between batches. Rejects with invalidToken.
   */
  ofCollection<T>(
    collection: Pick<Collection<T>, 'batches'>,
    scope: Scope,
    request: DocumentsRequest<T>,
  ): Promise<Page<T>>;
  /** As `ofCollection`, in the order of an index whose keys are unique. */
  ofIndex<T>(
    collection: Pick<Collection<T>, 'inOrderOf'>,
    scope: Scope,
    index: string,
    request: DocumentsRequest<T>,
  ): Promise<Page<Keyed<T>>>;
  /** For lists that read by themselves: the key in a token. Throws invalidToken. */
  keyOf(token: string | undefined): string | undefined;
  /** The token that continues after this key. */
  tokenFor(key: string): string;
}

/** Builds the pages of one list. */
export function pagesOf({ list, invalidToken }: PageRules): Pages {
  const mark = `${list}\n`;
  const tokenFor = (key: string) => withChecksum(mark + key);

  function keyOf(token: string | undefined): string | undefined {
    if (token === undefined || token === '') return undefined;
    const text = Buffer.from(token, 'base64url').toString('utf8', CHECKSUM_BYTES);
    const key = text.slice(mark.length);
    if (!text.startsWith(mark) || tokenFor(key) !== token) throw invalidToken(token);
    return key;
  }

  function pageOf<T>(found: T[], limit: number, keyOfItem: (item: T) => string): Page<T> {
    if (found.length <= limit) return { items: found };
    const items = found.slice(0, limit);
    return { items, token: tokenFor(keyOfItem(items.at(-1)!)) };
  }

  return {
    ofSorted(items, keyOfItem, { limit, token }) {
      const after = keyOf(token);
      const start = after === undefined ? 0 : firstAfter(items, keyOfItem, after);
      return pageOf(items.slice(start, start + limit + 1), limit, keyOfItem);
    },
    async ofCollection<T>(
      collection: Pick<Collection<T>, 'batches'>,
      scope: Scope,
      { limit, token, prefix, wanted }: DocumentsRequest<T>,
    ): Promise<Page<T>> {
      const after = keyOf(token);
      const found: Entry<T>[] = [];
      const isWhole = () => found.length > limit;
      const size = wanted ? undefined : Math.min(limit + 1, LARGEST_BATCH);
      for await (const batch of collection.batches(scope, { prefix, after, limit: size })) {
        for (const entry of batch) if (!isWhole() && (!wanted || wanted(entry.value))) found.push(entry);
        if (isWhole()) break;
      }
      const page = pageOf(found, limit, ({ id }) => id);
      return { ...page, items: page.items.map(({ value }) => value) };
    },
    async ofIndex<T>(
      collection: Pick<Collection<T>, 'inOrderOf'>,
      scope: Scope,
      index: string,
      { limit, token, prefix, wanted }: DocumentsRequest<T>,
    ): Promise<Page<Keyed<T>>> {
      const found: Keyed<T>[] = [];
      const size = wanted ? LARGEST_BATCH : Math.min(limit + 1, LARGEST_BATCH);
      for (let after = keyOf(token); ; await nextTurn()) {
        const batch = collection.inOrderOf(scope, index, { prefix, after, limit: size });
        found.push(...(wanted ? batch.filter(({ value }) => wanted(value)) : batch));
        if (batch.length < size || found.length > limit) break;
        after = batch.at(-1)!.key;
      }
      return pageOf(found, limit, ({ key }) => key);
    },
    keyOf,
    tokenFor,
  };
}

const LARGEST_BATCH = 200;
const CHECKSUM_BYTES = 4;

/** Prefixes a checksum, so that a truncated or changed token is not mistaken for another one. */
function withChecksum(text: string): string {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(text));
  return Buffer.concat([checksum, Buffer.from(text)]).toString('base64url');
}

/** Binary search: a list may be long, and every page searches it. */
function firstAfter<T>(items: readonly T[], keyOf: (item: T) => string, key: string): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (keyOf(items[middle]!) > key) to = middle;
    else from = middle + 1;
  }
  return from;
}
