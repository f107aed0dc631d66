// Ranges of ids and of index keys, and their bounds in SQL. SQLite sorts by UTF-8 bytes, JavaScript by UTF-16 units.

/** A range of ids or keys, compared by their UTF-8 bytes. Without members it covers everything. */
export interface Range {
  /** The common prefix. */
  prefix?: string | undefined;
  /** The first id, inclusive. */
  from?: string | undefined;
  /** The first id, exclusive. */
  after?: string | undefined;
  /** The most documents to read. */
  limit?: number | undefined;
}

/** The bounds in SQL: from `least` (inclusive or not) up to `end` (exclusive). */
interface Bounds {
  least: string;
  isLeastWanted: boolean;
  end: string | Uint8Array;
  limit: number;
}

/** SQLite sorts every blob after every text. */
const BEHIND_ALL = new Uint8Array();
const LAST_CODE_POINT = 0x10ffff;

/** The bounds of a range; `limit` is -1 for no limit. */
export function boundsOf({ prefix = '', from = '', after, limit = -1 }: Range): Bounds {
  const end = behindPrefix(prefix);
  const least = from === '' || isBelow(from, prefix) ? prefix : from;
  // `after` replaces the prefix as the lower bound unless it sorts before it.
  if (after !== undefined && !isBelow(after, least))
    return { least: after, isLeastWanted: false, end, limit };
  return { least, isLeastWanted: true, end, limit };
}

/** Compares by UTF-8 bytes, as SQLite does. */
const isBelow = (a: string, b: string): boolean =>
  a !== b && Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

/** The least text that sorts after every text with this prefix. */
function behindPrefix(prefix: string): string | Uint8Array {
  const unit = prefix.charCodeAt(prefix.length - 1);
  // The common case: the last character is in the Basic Multilingual Plane, below the surrogates.
  if (unit < 0xd7ff) return prefix.slice(0, -1) + String.fromCharCode(unit + 1);
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return BEHIND_ALL;
  // The surrogates between these are not characters.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
