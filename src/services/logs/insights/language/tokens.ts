// Splits a query into tokens by a table of patterns.

import { type Place, unexpected } from './malformed.ts';

/** What a token is. A field may be written in backquotes; a duration is a number with a unit, such as `5m`. */
export type TokenKind = 'name' | 'number' | 'duration' | 'text' | 'pattern' | 'symbol' | 'end';

/** A token. `text` is what it stands for: a text without its quotes, a pattern without its slashes. */
export interface Token extends Place {
  kind: TokenKind;
  text: string;
  /** Whether it was quoted, so that it is no word of the language. */
  isQuoted?: boolean;
}

const SKIPPED = /(?:\s+|#[^\n]*)+/y;

/**
 * Tried in this order. A name may contain `@` and dots, with list indexes and backquoted parts between the dots:
 * `items.0.id`, `a.`b-c``.
 */
const RULES: readonly { kind: TokenKind; pattern: RegExp; isQuoted?: true; read?(source: string): string }[] =
  [
    { kind: 'number', pattern: /\d+(?:\.\d+)?[eE][+-]?\d+(?![A-Za-z])/y },
    { kind: 'duration', pattern: /\d+(?:\.\d+)?(?=[A-Za-z])[A-Za-z]+/y },
    { kind: 'number', pattern: /\d+(?:\.\d+)?|\.\d+/y },
    {
      kind: 'name',
      pattern: /`[^`]+`(?:\.(?:`[^`]+`|[\w@]+))*/y,
      isQuoted: true,
      read: (source) => source.replaceAll('`', ''),
    },
    {
      kind: 'name',
      pattern: /[A-Za-z_@][\w@]*(?:\.(?:`[^`]+`|[\w@]+))*/y,
      read: (source) => source.replaceAll('`', ''),
    },
    { kind: 'text', pattern: /"(?:[^"\\]|\\[\s\S])*"/y, isQuoted: true, read: unescaped },
    { kind: 'text', pattern: /'(?:[^'\\]|\\[\s\S])*'/y, isQuoted: true, read: unescaped },
    { kind: 'symbol', pattern: /!=|<=|>=|=~|[|,:()[\]=<>+\-*%^]/y },
  ];
const PATTERN = /\/((?:[^/\\\n]|\\[\s\S])+)\//y;

/** Tokens after which a slash begins a regular expression, and is not a division. */
const BEFORE_PATTERN = /^(?:like|parse|=~|\(|,)$/i;

/** The last token is `end`. Throws MalformedQuery. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skip(query, 0); at < query.length; at = skip(query, at)) {
    const token = tokenAt(query, at, tokens);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: query.length, end: query.length });
  return tokens;
}

function skip(query: string, at: number): number {
  SKIPPED.lastIndex = at;
  return SKIPPED.test(query) ? SKIPPED.lastIndex : at;
}

function tokenAt(query: string, start: number, before: readonly Token[]): Token {
  if (query[start] === '/') return slashAt(query, start, before);
  for (const { kind, pattern, read, isQuoted } of RULES) {
    pattern.lastIndex = start;
    const source = pattern.exec(query)?.[0];
    if (source === undefined) continue;
    const text = read ? read(source) : source;
    return { kind, text, start, end: start + source.length, ...(isQuoted && { isQuoted }) };
  }
  throw unexpected(query, query[start]!, { start, end: start + 1 });
}

function slashAt(query: string, start: number, before: readonly Token[]): Token {
  const [last, lastButOne] = [before.at(-1), before.at(-2)];
  const isPattern = BEFORE_PATTERN.test(last?.text ?? '') || /^parse$/i.test(lastButOne?.text ?? '');
  if (!isPattern) return { kind: 'symbol', text: '/', start, end: start + 1 };
  PATTERN.lastIndex = start;
  const found = PATTERN.exec(query);
  if (!found) throw unexpected(query, '/', { start, end: start + 1 });
  return { kind: 'pattern', text: found[1]!, start, end: start + found[0].length, isQuoted: true };
}

/** AWS: a backslash before a quote or a backslash stands for it. Any other backslash stays. */
function unescaped(source: string): string {
  return source.slice(1, -1).replace(/\\(["'\\])/g, '$1');
}
