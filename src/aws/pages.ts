// Pages of sorted lists, and the tokens that lead from one page to the next. A token holds the key of the last item
// shown, so that items which come and go between two pages are neither shown twice nor hide others. It also says of
// which list it is: what was not made by the same list is refused.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Collection, Entry, Keyed } from '../store/store.ts';
import type { Scope } from './scope.ts';

export interface Page<T> {
  items: T[];
  /** Leads to the next page; absent from the last one. */
  token?: string;
}

/** How a list gives its pages. */
export interface PageRules {
  /** Names the list in its tokens, e.g. `ssm parameters`. */
  list: string;
  /** For a token that this list did not make. */
  invalidToken(token: string): Error;
}

export interface PageRequest {
  /** The most items; 1 or more. */
  limit: number;
  /** As the request gave it; an empty one is none. */
  token?: string | undefined;
}

export interface Pages {
  /** `items` sorted by `keyOf`, ascending by UTF-16 as JavaScript compares; keys are unique. Throws invalidToken. */
  ofSorted<T>(items: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T>;
  /**
   * Documents whose ids begin with `prefix`, sorted by id, of which only those count that `wanted` keeps. However many it
   * has to read, other work goes on in between. Rejects with invalidToken.
   */
  ofCollection<T>(
    collection: Pick<Collection<T>, 'batches'>,
    scope: Scope,
    request: PageRequest & { prefix?: string; wanted?(value: T): boolean },
  ): Promise<Page<T>>;
  /** Documents in the order of an index's keys, each of which one document has. Otherwise as `ofCollection`. */
  ofIndex<T>(
    collection: Pick<Collection<T>, 'inOrderOf'>,
    scope: Scope,
    index: string,
    request: PageRequest & { prefix?: string; wanted?(value: T): boolean },
  ): Promise<Page<Keyed<T>>>;
  /** For lists that read by themselves: the key in a token. Throws invalidToken. */
  keyOf(token: string | undefined): string | undefined;
  tokenFor(key: string): string;
}

export function pagesOf({ list, invalidToken }: PageRules): Pages {
  const mark = `${list}\n`;
  const tokenFor = (key: string) => sealed(mark + key);

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
      const start = after === undefined ? 0 : firstBehind(items, keyOfItem, after);
      return pageOf(items.slice(start, start + limit + 1), limit, keyOfItem);
    },
    async ofCollection<T>(
      collection: Pick<Collection<T>, 'batches'>,
      scope: Scope,
      { limit, token, prefix, wanted }: PageRequest & { prefix?: string; wanted?(value: T): boolean },
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
      { limit, token, prefix, wanted }: PageRequest & { prefix?: string; wanted?(value: T): boolean },
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

/** With a checksum in front: a token that was cut or changed is not taken for another. */
function sealed(text: string): string {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(text));
  return Buffer.concat([checksum, Buffer.from(text)]).toString('base64url');
}

/** By halves: a list may be long, and each of its pages asks for this. */
function firstBehind<T>(items: readonly T[], keyOf: (item: T) => string, key: string): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (keyOf(items[middle]!) > key) to = middle;
    else from = middle + 1;
  }
  return from;
}
