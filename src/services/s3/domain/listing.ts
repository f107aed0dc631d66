// A page of a bucket's contents: keys with a prefix, those beyond a delimiter rolled up into common prefixes.

import { invalidArgument } from '../faults/requests.ts';

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
 * `read` gives at most `limit` items sorted by key, from a key on or behind an item; fewer means that there are no more.
 * Items of one key may follow each other (versions); `after` stands for all of them, unless those behind `begun` are
 * left. AWS: a common prefix is done as soon as `after` lies in it.
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
  // Behind a common prefix there is often just another.
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

/** Adds what belongs to the page, up to the first common prefix, which it returns. */
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

/** The least key behind this one. */
const next = (key: string): string => `${key}\u0000`;

/** AWS: by UTF-8 bytes, which is by code points, which JavaScript's own order is not. */
export function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Throws InvalidArgument; more than a page is a page. */
export function checkMaxKeys(maxKeys: number | undefined, name = 'max-keys'): number {
  if (maxKeys === undefined) return MAX_KEYS;
  checkInteger(String(maxKeys), name);
  return Math.min(maxKeys, MAX_KEYS);
}

/** Behind which part a page begins. Throws InvalidArgument. */
export function partMarker(marker = '0'): number {
  checkInteger(marker, 'part-number-marker');
  return Math.min(Number(marker), 99_999);
}

const MAX_INTEGER = 2 ** 31 - 1;

/** AWS: words it otherwise for what is less than nothing. Throws InvalidArgument. */
function checkInteger(text: string, name: string): void {
  const value = Number(text);
  if (!/^-?\d{1,10}$/.test(text) || value > MAX_INTEGER || value < -MAX_INTEGER - 1) {
    const shown = text.slice(0, 1024);
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, shown);
  }
  if (value >= 0) return;
  throw invalidArgument(`Argument ${name} must be an integer between 0 and ${MAX_INTEGER}`, name, text);
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
