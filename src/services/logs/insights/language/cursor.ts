// Walks over the tokens of a query. The parser asks it for the next token, or requires one.

import { type MalformedQuery, type Place, unexpected } from './malformed.ts';
import { type Token, type TokenKind, tokensOf } from './tokens.ts';

/** A place in the list of tokens. */
export class Cursor {
  readonly query: string;
  /** The operators that were passed. The parser of expressions counts them. */
  operators = 0;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(query: string) {
    this.query = query;
    this.#tokens = tokensOf(query);
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  /** The token after the present one. */
  get following(): Token {
    return this.#tokens[this.#at + 1] ?? this.token;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether the present token is this symbol, or this word without quotes in any letter case. */
  is(text: string): boolean {
    const { kind, isQuoted, text: found } = this.token;
    return (kind === 'symbol' || kind === 'name') && !isQuoted && found.toLowerCase() === text;
  }

  /** Passes the token if it is this symbol or word. */
  take(text: string): boolean {
    const isNext = this.is(text);
    if (isNext) this.next();
    return isNext;
  }

  /** Throws MalformedQuery when the present token is not this symbol or word. */
  require(text: string): Token {
    if (!this.is(text)) throw this.unexpected();
    return this.next();
  }

  /** Throws MalformedQuery when the present token is of another kind. */
  requireKind(...kinds: TokenKind[]): Token {
    if (!kinds.includes(this.token.kind)) throw this.unexpected();
    return this.next();
  }

  unexpected(token = this.token): MalformedQuery {
    const source = this.query.slice(token.start, token.end) || token.text;
    return unexpected(this.query, source, { start: token.start, end: token.end });
  }

  /** One or more items with commas in between. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.take(',')) items.push(item());
    return items;
  }

  /** From the token at which something began up to the last token that was passed. */
  placeFrom(start: number): Place {
    return { start, end: this.#tokens[Math.max(0, this.#at - 1)]!.end };
  }
}
