// What the parsers of all expressions share: reading tokens and paths, and what is wrong with a text beyond its syntax.
// Pure.

import {
  functionOfOthers,
  indexTooLarge,
  misusedFunction,
  redundantParentheses,
  reservedWord,
  tooManyOperators,
  unknownFunction,
} from '../../faults/expressions.ts';
import { isReserved } from './reserved-words.ts';
import type { PathStep, PathSyntax } from './syntax.ts';
import { type Token, tokensOf, unexpectedToken } from './tokens.ts';

/** AWS: operators and functions of one expression. */
const MOST_OPERATORS = 300;
/**
 * Nested parentheses, functions and NOTs. An allowed expression has fewer, since each level that is not redundant has an
 * operator or a function.
 */
const MOST_LEVELS = MOST_OPERATORS + 10;
const MOST_INDEX = 2 ** 31 - 1;

/** Functions of conditions. `size` is an operand, the others are conditions. */
const CONDITION_FUNCTIONS: readonly string[] = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
];
/** Functions of updates. */
const UPDATE_FUNCTIONS: readonly string[] = ['if_not_exists', 'list_append'];

/** The first problem of each kind, apart from the syntax; which of them AWS reports depends on the expression. */
export interface Problems {
  parentheses?: Error;
  unknownFunction?: Error;
  misusedFunction?: Error;
  /** Or an index that is too large. */
  reservedWord?: Error;
  operators?: Error;
}

/** Reads the tokens of one expression. Throws ExpressionProblem for its syntax. */
export class TokenReader {
  readonly problems: Problems = {};
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #keywords: ReadonlySet<string>;
  #at = 0;
  #levels = 0;
  #operators = 0;

  readonly #isUpdate: boolean;

  /** `keywords` are in upper case; they are no names. */
  constructor(text: string, options: { keywords?: ReadonlySet<string>; isUpdate?: boolean } = {}) {
    this.#text = text;
    this.#isUpdate = options.isUpdate ?? false;
    this.#tokens = tokensOf(text, this.#isUpdate);
    this.#keywords = options.keywords ?? new Set();
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  /** The token after the present one. */
  get next(): Token {
    return this.#tokens[Math.min(this.#at + 1, this.#tokens.length - 1)]!;
  }

  /** Throws the error for the present token. */
  unexpected(): never {
    throw unexpectedToken(this.#text, this.#tokens, this.#at);
  }

  /** Takes the present token. */
  take(): Token {
    return this.#tokens[this.#at++]!;
  }

  isSymbol(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#at++;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) this.unexpected();
  }

  /** The keyword that the present token is. */
  get keyword(): string | undefined {
    if (this.token.kind !== 'name') return undefined;
    const word = this.token.text.toUpperCase();
    return this.#keywords.has(word) ? word : undefined;
  }

  takeKeyword(keyword: string): boolean {
    if (this.keyword !== keyword) return false;
    this.#at++;
    return true;
  }

  expectEnd(): void {
    if (this.token.kind !== 'end') this.unexpected();
  }

  /** Reads `a.#b[1]`. */
  path(): PathSyntax {
    const steps: PathStep[] = [this.#name()];
    this.continuePath(steps);
    return { kind: 'path', steps };
  }

  /** Adds what follows the steps that were read. */
  continuePath(steps: PathStep[]): void {
    for (;;) {
      if (this.takeSymbol('.')) steps.push(this.#name());
      else if (this.takeSymbol('[')) {
        if (this.token.kind !== 'number') this.unexpected();
        steps.push(this.#index(this.take().text));
        this.expectSymbol(']');
      } else return;
    }
  }

  #index(text: string): number {
    const index = Number(text);
    if (index > MOST_INDEX) this.problems.reservedWord ??= indexTooLarge(text);
    return index;
  }

  #name(): string {
    const { kind, text } = this.token;
    if (kind !== 'alias' && (kind !== 'name' || this.keyword)) this.unexpected();
    if (kind === 'name' && isReserved(text)) this.problems.reservedWord ??= reservedWord(text);
    this.#at++;
    return text;
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    if (++this.#levels > MOST_LEVELS) {
      throw (
        this.problems.parentheses ?? this.problems.unknownFunction ?? tooManyOperators(MOST_OPERATORS + 1)
      );
    }
    const result = read();
    this.#levels--;
    return result;
  }

  /** Counts an operator or a function. AWS: it stops counting at the first that is too many. */
  countOperator(): void {
    if (++this.#operators > MOST_OPERATORS) {
      this.problems.operators ??= tooManyOperators(MOST_OPERATORS + 1);
    }
  }

  noteRedundantParentheses(): void {
    this.problems.parentheses ??= redundantParentheses();
  }

  /** Notes the name of a function that is unknown, or that the other kind of expression has. */
  noteFunction(name: string): void {
    const own = this.#isUpdate ? UPDATE_FUNCTIONS : CONDITION_FUNCTIONS;
    if (own.includes(name)) return;
    const others = this.#isUpdate ? CONDITION_FUNCTIONS : UPDATE_FUNCTIONS;
    if (others.includes(name)) {
      this.problems.misusedFunction ??= functionOfOthers(name, this.#isUpdate);
    } else this.problems.unknownFunction ??= unknownFunction(name);
  }

  /** Notes a function in a place where it may not be. */
  noteMisuse(name: string): void {
    this.problems.misusedFunction ??= misusedFunction(name);
  }

  /** Throws the first of these problems that there is. */
  throwFirst(order: readonly (keyof Problems)[]): void {
    for (const kind of order) {
      const problem = this.problems[kind];
      if (problem) throw problem;
    }
  }
}
