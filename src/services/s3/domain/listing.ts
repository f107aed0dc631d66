// One page of a bucket's contents: keys with a prefix, where keys with a delimiter after the prefix are grouped into
// common prefixes. Pure.

import { invalidArgument } from '../faults/requests.ts';

/** AWS: the most items of a page. */
export const MAX_KEYS = 1000;

/** Anything that is listed by key. */
export interface Keyed {
  key: string;
}

/** What a page is about. */
export interface ListingQuery {
  prefix: string;
  /** Empty: nothing is grouped. */
  delimiter: string;
  /** The page starts after this key or common prefix. */
  after: string | undefined;
  limit: number;
}

/** One page. `items` and `commonPrefixes` together are at most `limit`. */
export interface Listing<T> {
  items: T[];
  commonPrefixes: string[];
  isTruncated: boolean;
  /** The last key or common prefix of the page. */
  last?: string;
}

/**
 * Reads one page. `read` returns at most `limit` items sorted by key, from a key on or after an item; fewer means that
 * there are no more. Several items may have the same key (versions): `after` skips all of them, unless `begun` says
 * after which of them the page starts. AWS: `after` within a common prefix skips that prefix.
 */
export function listPage<T extends Keyed>(
  read: (from: string, limit: number, behind: T | undefined) => T[],
  { prefix, delimiter, after, limit }: ListingQuery,
  begun?: T,
): Listing<T> {
  const listing: Listing<T> = { items: [], commonPrefixes: [], isTruncated: false };
  if (limit === 0) return listing;
  const isWithin = after !== undefined && compare(after, prefix) >= 0;
  let given = isWithin ? commonPrefixOf(after, prefix, delimiter) : undefined;
  let behind = given === undefined ? begun : undefined;
  let from = given === undefined ? (isWithin ? next(after) : prefix) : past(given);
  // After a common prefix, often another one follows, so the first read is small.
  let size = given === undefined ? limit + 1 : 2;
  for (;;) {
    const batch = read(from, size, behind);
    const jump = take(listing, batch, { prefix, delimiter, limit, given });
    if (jump === 'done') return listing;
    if (jump !== undefined) {
      given = jump.common;
      [from, behind, size] = [past(given), undefined, 2];
      continue;
    }
    if (batch.length < size) return listing;
    behind = batch.at(-1)!;
    size = Math.min(size * 4, limit + 1);
  }
}

/** Adds items to the page up to the first common prefix, which it returns. */
function take<T extends Keyed>(
  listing: Listing<T>,
  batch: readonly T[],
  page: { prefix: string; delimiter: string; limit: number; given: string | undefined },
): { common: string } | 'done' | undefined {
  const { prefix, delimiter, limit, given } = page;
  for (const item of batch) {
    const { key } = item;
    if (!key.startsWith(prefix)) return 'done';
    if (given !== undefined && key.startsWith(given)) continue;
    if (listing.items.length + listing.commonPrefixes.length >= limit) {
      listing.isTruncated = true;
      return 'done';
    }
    const common = commonPrefixOf(key, prefix, delimiter);
    listing.last = common ?? key;
    if (common !== undefined) {
      listing.commonPrefixes.push(common);
      return { common };
    }
    listing.items.push(item);
  }
  return undefined;
}

function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

const past = (prefix: string): string => `${prefix}\u{10FFFF}`;

/** The least key after this one. */
const next = (key: string): string => `${key}\u0000`;

/** AWS: keys sort by UTF-8 bytes, which equals the order of code points but not JavaScript's order of strings. */
export function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Validates the size of a page; larger values mean MAX_KEYS. Throws InvalidArgument. */
export function checkMaxKeys(maxKeys: number | undefined, name = 'max-keys'): number {
  if (maxKeys === undefined) return MAX_KEYS;
  checkInteger(String(maxKeys), name);
  return Math.min(maxKeys, MAX_KEYS);
}

/** Validates a part marker: the page starts after this part. Throws InvalidArgument. */
export function partMarker(marker = '0'): number {
  checkInteger(marker, 'part-number-marker');
  return Math.min(Number(marker), 99_999);
}

const MAX_INTEGER = 2 ** 31 - 1;

/** AWS: negative numbers get another text. Throws InvalidArgument. */
function checkInteger(text: string, name: string): void {
  const value = Number(text);
  if (!/^-?\d{1,10}$/.test(text) || value > MAX_INTEGER || value < -MAX_INTEGER - 1) {
    const shown = text.slice(0, 1024);
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, shown);
  }
  if (value >= 0) return;
  throw invalidArgument(`Argument ${name} must be an integer between 0 and ${MAX_INTEGER}`, name, text);
}

/** The encoding of keys in answers: none, or `url`, because XML cannot carry all characters. Throws InvalidArgument. */
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
