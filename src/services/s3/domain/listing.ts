// A page of a bucket's contents: keys with a prefix, those beyond a delimiter rolled up into common prefixes.

import { invalidArgument } from '../faults.ts';

export const MAX_KEYS = 1000;

export interface Keyed {
  key: string;
}

export interface ListingQuery {
  prefix: string;
  /** Empty: nothing is rolled up. */
  delimiter: string;
  /** Only keys (and common prefixes) behind this one. */
  after: string | undefined;
  limit: number;
}

export interface Listing<T> {
  items: T[];
  commonPrefixes: string[];
  isTruncated: boolean;
  /** The last key or common prefix given. */
  last?: string;
}

/**
 * `read` gives at most `limit` items sorted by key, from a key on; fewer means that there are no more. Items of one
 * key may follow each other (versions); `after` then stands for all of them, unless those behind `begun` are left.
 */
export function listPage<T extends Keyed>(
  read: (from: string, limit: number, behind: T | undefined) => T[],
  { prefix, delimiter, after, limit }: ListingQuery,
  begun?: T,
): Listing<T> {
  const listing: Listing<T> = { items: [], commonPrefixes: [], isTruncated: false };
  if (limit === 0) return listing;
  const done = after !== undefined && compare(after, prefix) >= 0 ? after : undefined;
  let from = done ?? prefix;
  let behind: T | undefined = begun;
  // Where a common prefix was given, all below it is.
  let given = done !== undefined && commonPrefixOf(done, prefix, delimiter) === done ? done : undefined;
  if (given !== undefined) from = past(given);
  for (;;) {
    const batch = read(from, MAX_KEYS, behind);
    let jumped = false;
    for (const item of batch) {
      behind = item;
      const { key } = item;
      if (!key.startsWith(prefix)) return listing;
      if ((key === done && !begun) || (given !== undefined && key.startsWith(given))) continue;
      if (listing.items.length + listing.commonPrefixes.length >= limit) {
        listing.isTruncated = true;
        return listing;
      }
      const common = commonPrefixOf(key, prefix, delimiter);
      listing.last = common ?? key;
      if (common === undefined) listing.items.push(item);
      else {
        listing.commonPrefixes.push((given = common));
        from = past(common);
        behind = undefined;
        jumped = true;
        break;
      }
    }
    if (!jumped && batch.length < MAX_KEYS) return listing;
    if (!jumped) from = behind!.key;
  }
}

function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

const past = (prefix: string): string => `${prefix}\u{10FFFF}`;

/** AWS: by UTF-8 bytes, which is by code points, which JavaScript's own order is not. */
export function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Throws InvalidArgument; more than a page is a page. */
export function checkMaxKeys(maxKeys: number | undefined, name = 'max-keys'): number {
  if (maxKeys === undefined) return MAX_KEYS;
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, maxKeys);
  }
  return Math.min(maxKeys, MAX_KEYS);
}

/** How keys are written in answers: as they are, or so that XML can carry any. Throws InvalidArgument. */
export function keyEncoder(encodingType: string | undefined): (key: string) => string {
  if (encodingType === undefined) return (key) => key;
  if (encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
  return (key) =>
    encodeURIComponent(key.toWellFormed())
      .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+');
}
