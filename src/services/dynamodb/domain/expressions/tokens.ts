// The tokens of expressions. Pure.

import { emptyExpression, expressionTooLong, syntaxError } from '../../faults/expressions.ts';

/** What a token is. `symbol` covers operators and punctuation; `unknown` is a character that no expression has. */
export type TokenKind = 'name' | 'alias' | 'value' | 'number' | 'symbol' | 'unknown' | 'end';

/** A token with its place in the text. */
export interface Token {
  kind: TokenKind;
  text: string;
  start: number;
  end: number;
}

/** AWS: the limit is of the text as sent. */
const MOST_BYTES = 4_096;

const TOKEN = /[ \t\r\n]*(?:([A-Za-z]\w*)|(#\w+)|(:\w+)|(\d+)|(<>|<=|>=|[=<>+\-(),.[\]])|([^ \t\r\n]))/uy;
/** By group of TOKEN. */
const KINDS: readonly TokenKind[] = ['name', 'alias', 'value', 'number', 'symbol', 'unknown'];

/** Throws ExpressionProblem for a text that is empty or too long. The last token has the kind `end`. */
export function tokensOf(text: string, isUpdate: boolean): Token[] {
  if (text === '') throw emptyExpression();
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw expressionTooLong(bytes, isUpdate);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const group = found.findIndex((part, index) => index > 0 && part !== undefined);
    const own = found[group]!;
    const end = found.index + found[0].length;
    tokens.push({ kind: KINDS[group - 1]!, text: own, start: end - own.length, end });
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

/** The error for the token at `index`. AWS: `near` reaches from the token before it to the token after it. */
export function unexpectedToken(text: string, tokens: readonly Token[], index: number): Error {
  const token = tokens[index]!;
  const before = tokens[index - 1] ?? token;
  const after = tokens[index + 1] ?? token;
  const end = after.kind === 'end' ? Math.max(token.kind === 'end' ? before.end : token.end, 0) : after.end;
  return syntaxError(token.text, text.slice(before.start, end));
}
