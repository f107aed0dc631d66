// Runs of ids and of an index's keys, and what SQLite is asked for them. It sorts by UTF-8 bytes, JavaScript by UTF-16.

/** A run of ids or keys, compared by their UTF-8 bytes. Without members, all of them. */
export interface Range {
  /** What they begin with. */
  prefix?: string | undefined;
  /** The least that is wanted. */
  from?: string | undefined;
  /** One that is not wanted, nor any below it. */
  after?: string | undefined;
  /** The most documents to read. */
  limit?: number | undefined;
}

/** As a statement takes them: from `least`, with it or without, up to but not including `end`. */
interface Bounds {
  least: string;
  isLeastWanted: boolean;
  end: string | Uint8Array;
  limit: number;
}

/** SQLite sorts every blob behind every text. */
const BEHIND_ALL = new Uint8Array();
const LAST_CODE_POINT = 0x10ffff;

export function boundsOf({ prefix = '', from = '', after, limit = -1 }: Range): Bounds {
  const end = behindPrefix(prefix);
  const least = from === '' || isBelow(from, prefix) ? prefix : from;
  // What is behind `after` is behind the prefix's first id as well, unless that comes first.
  if (after !== undefined && !isBelow(after, least))
    return { least: after, isLeastWanted: false, end, limit };
  return { least, isLeastWanted: true, end, limit };
}

/** In the order that SQLite sorts by, which is not that of UTF-16. */
const isBelow = (a: string, b: string): boolean =>
  a !== b && Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

/** The least text behind all that begin with `prefix`. */
function behindPrefix(prefix: string): string | Uint8Array {
  const unit = prefix.charCodeAt(prefix.length - 1);
  // Of most prefixes the last character is a plain one.
  if (unit < 0xd7ff) return prefix.slice(0, -1) + String.fromCharCode(unit + 1);
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return BEHIND_ALL;
  // Between these lie the surrogates, which are no characters.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
