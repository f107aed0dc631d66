// Parses metric math: arithmetic, lists and functions over the ids of a request's queries. evaluate.ts evaluates it.
// Pure.

/** The syntax tree. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'id'; name: string }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'call'; name: string; arguments: Expression[] }
  | { kind: 'operation'; operator: Operator; left: Expression; right: Expression };

/** The operators, by precedence. */
const OR = ['OR'] as const;
const AND = ['AND'] as const;
const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const;
const SUMS = ['+', '-'] as const;
const PRODUCTS = ['*', '/'] as const;
const POWERS = ['^'] as const;
/** From the one that binds least. */
const LEVELS = [OR, AND, COMPARISONS, SUMS, PRODUCTS, POWERS];

/** An operator between two operands. */
export type Operator = (typeof LEVELS)[number][number];

/** A problem in an expression. The message is a sentence for the client. */
export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem';
}

const LONGEST = 2_048;
const DEEPEST = 50;
/** Bounds the depth of the tree, since each operand of a long sum adds a level. */
const MOST_OPERATIONS = 200;
const TOKEN =
  /\s*(?:((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)|([A-Za-z_]\w*)|"([^"]*)"|'([^']*)'|([=!<>]=|&&|\|\||[-+*/^(),[\]<>]))/y;

/** Operators with two spellings. */
const WORDS: Record<string, Operator> = { AND: 'AND', OR: 'OR', '&&': 'AND', '||': 'OR' };

type Token = { kind: 'number'; value: number } | { kind: 'word' | 'text' | 'sign'; value: string };

/** Throws ExpressionProblem. */
export function parseExpression(text: string): Expression {
  if (text.length > LONGEST) throw new ExpressionProblem(`Expression is longer than ${LONGEST} characters`);
  const search = /^\s*(SELECT|SEARCH)\b/i.exec(text)?.[1];
  if (search) throw new ExpressionProblem(`Millpond does not evaluate ${search.toUpperCase()}`);
  return new Parser(tokensOf(text)).whole();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new ExpressionProblem(`Unexpected character at position ${at + 1}`);
    const [, number, word, double, single, sign] = found;
    const operator = sign ?? word;
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    else if (operator !== undefined && Object.hasOwn(WORDS, operator.toUpperCase()))
      tokens.push({ kind: 'sign', value: WORDS[operator.toUpperCase()]! });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
    else tokens.push({ kind: 'text', value: double ?? single ?? '' });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #operations = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return expression;
  }

  #expression(): Expression {
    if (++this.#depth > DEEPEST) throw new ExpressionProblem('Expression is nested too deeply');
    const expression = this.#level(0);
    this.#depth--;
    return expression;
  }

  #level(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#signed();
    let left = this.#level(level + 1);
    for (let operator = this.#take(...operators); operator; operator = this.#take(...operators)) {
      left = this.#operation(operator, left, this.#level(level + 1));
    }
    return left;
  }

  #signed(): Expression {
    let isNegative = false;
    while (this.#take('-')) isNegative = !isNegative;
    const operand = this.#operand();
    if (!isNegative) return operand;
    return this.#operation('*', { kind: 'number', value: -1 }, operand);
  }

  #operation(operator: Operator, left: Expression, right: Expression): Expression {
    if (++this.#operations > MOST_OPERATIONS)
      throw new ExpressionProblem('Expression has too many operations');
    return { kind: 'operation', operator, left, right };
  }

  #operand(): Expression {
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'number' || token?.kind === 'text') return token as Expression;
    if (token?.kind === 'word') {
      if (!this.#take('(')) return { kind: 'id', name: token.value };
      return { kind: 'call', name: token.value.toUpperCase(), arguments: this.#items(')') };
    }
    if (token?.value === '[') return { kind: 'list', items: this.#items(']') };
    if (token?.value === '(') {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    this.#at--;
    throw this.#unexpected();
  }

  #items(end: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    if (this.#take(end)) return items;
    do items.push(this.#expression());
    while (this.#take(','));
    this.#expect(end);
    return items;
  }

  #take<S extends string>(...signs: S[]): S | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || !signs.includes(token.value as S)) return undefined;
    this.#at++;
    return token.value as S;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected();
  }

  #unexpected(): ExpressionProblem {
    const token = this.#tokens[this.#at];
    return new ExpressionProblem(token ? `Unexpected '${token.value}'` : 'Unexpected end of expression');
  }
}

/** The ids and functions that an expression names. Words that only functions know, such as REPEAT, are no ids. */
export function referencesOf(expression: Expression): { ids: string[]; functions: string[] } {
  const ids = new Set<string>();
  const functions = new Set<string>();
  const visit = (one: Expression): void => {
    if (one.kind === 'id' && !WORDS_OF_FUNCTIONS.has(one.name.toLowerCase())) ids.add(one.name);
    else if (one.kind === 'list') one.items.forEach(visit);
    else if (one.kind === 'operation') [one.left, one.right].forEach(visit);
    else if (one.kind === 'call') {
      functions.add(one.name);
      one.arguments.forEach(visit);
    }
  };
  visit(expression);
  return { ids: [...ids], functions: [...functions] };
}

const WORDS_OF_FUNCTIONS = new Set('repeat linear avg max min sum asc desc'.split(' '));
