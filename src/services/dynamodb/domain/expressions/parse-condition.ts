// Parses conditions: ConditionExpression, FilterExpression and KeyConditionExpression have one grammar. Pure.
//
//   condition  = conjunction { OR conjunction }
//   conjunction = negation { AND negation }
//   negation   = NOT negation | comparison
//   comparison = operand [ comparator operand | BETWEEN operand AND operand | IN "(" operands ")" ]
//   operand    = path | :value | function "(" operands ")" | "(" condition ")" [ path's continuation ]
//
// Parentheses around an operand and around a condition look alike until what follows is read. The parser therefore reads
// either, and checks where each may be.

import type {
  CallSyntax,
  Comparator,
  ConditionSyntax,
  OperandSyntax,
  ParsedCondition,
  PathStep,
} from './syntax.ts';
import { TokenReader } from './token-reader.ts';

const KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** Functions that are conditions, and therefore no operands. */
const CONDITIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
]);

type Part = ConditionSyntax | OperandSyntax;

/** A part, and whether its text is one pair of parentheses. */
interface Read {
  part: Part;
  isEnclosed: boolean;
}

/** Throws ExpressionProblem, in AWS's order: syntax, parentheses, functions, reserved words, number of operators. */
export function parseCondition(text: string): ParsedCondition {
  const parser = new ConditionParser(text);
  return { condition: parser.whole() };
}

class ConditionParser {
  readonly #reader: TokenReader;

  constructor(text: string) {
    this.#reader = new TokenReader(text, { keywords: KEYWORDS });
  }

  whole(): ConditionSyntax {
    const condition = this.#asCondition(this.#disjunction().part);
    this.#reader.expectEnd();
    this.#reader.throwFirst([
      'parentheses',
      'unknownFunction',
      'misusedFunction',
      'reservedWord',
      'operators',
    ]);
    return condition;
  }

  #disjunction(): Read {
    return this.#chain('OR', 'or', () => this.#conjunction());
  }

  #conjunction(): Read {
    return this.#chain('AND', 'and', () => this.#negation());
  }

  #chain(keyword: string, kind: 'and' | 'or', read: () => Read): Read {
    const first = read();
    if (this.#reader.keyword !== keyword) return first;
    const parts = [this.#asCondition(first.part)];
    while (this.#reader.takeKeyword(keyword)) {
      this.#reader.countOperator();
      parts.push(this.#asCondition(read().part));
    }
    return { part: { kind, parts }, isEnclosed: false };
  }

  #negation(): Read {
    if (!this.#reader.takeKeyword('NOT')) return this.#comparison();
    this.#reader.countOperator();
    const { part } = this.#reader.nested(() => this.#negation());
    return { part: { kind: 'not', part: this.#asCondition(part) }, isEnclosed: false };
  }

  #comparison(): Read {
    const reader = this.#reader;
    const first = this.#primary();
    const { kind, text } = reader.token;
    if (kind === 'symbol' && COMPARATORS.has(text)) {
      const left = this.#asOperand(first.part);
      reader.take();
      reader.countOperator();
      const right = this.#operand();
      return open({ kind: 'compare', operator: text as Comparator, left, right });
    }
    if (reader.keyword === 'BETWEEN') {
      const operand = this.#asOperand(first.part);
      reader.take();
      reader.countOperator();
      const lower = this.#operand();
      if (!reader.takeKeyword('AND')) reader.unexpected();
      return open({ kind: 'between', operand, lower, upper: this.#operand() });
    }
    if (reader.keyword === 'IN') {
      const operand = this.#asOperand(first.part);
      reader.take();
      reader.countOperator();
      reader.expectSymbol('(');
      return open({ kind: 'in', operand, list: this.#operands() });
    }
    return first;
  }

  #operand(): OperandSyntax {
    return this.#asOperand(this.#primary().part);
  }

  /** Reads operands and the parenthesis that closes them. */
  #operands(): OperandSyntax[] {
    const operands: OperandSyntax[] = [];
    do operands.push(this.#operand());
    while (this.#reader.takeSymbol(','));
    this.#reader.expectSymbol(')');
    return operands;
  }

  #primary(): Read {
    const reader = this.#reader;
    if (reader.takeSymbol('(')) return this.#enclosed();
    if (reader.token.kind === 'value') {
      return open({ kind: 'value', name: reader.take().text });
    }
    const isCall =
      reader.token.kind === 'name' &&
      !reader.keyword &&
      reader.next.kind === 'symbol' &&
      reader.next.text === '(';
    return open(isCall ? this.#call() : reader.path());
  }

  #enclosed(): Read {
    const reader = this.#reader;
    const { part, isEnclosed } = reader.nested(() => this.#disjunction());
    reader.expectSymbol(')');
    if (isEnclosed) reader.noteRedundantParentheses();
    if (part.kind !== 'path' || (!reader.isSymbol('.') && !reader.isSymbol('['))) {
      return { part, isEnclosed: true };
    }
    const steps: PathStep[] = [...part.steps];
    reader.continuePath(steps);
    return open({ kind: 'path', steps });
  }

  #call(): CallSyntax {
    const reader = this.#reader;
    const name = reader.take().text;
    reader.countOperator();
    reader.take();
    const operands = reader.nested(() => this.#operands());
    // AWS: of nested functions the inner one is checked first.
    reader.noteFunction(name);
    return { kind: 'call', name, arguments: operands };
  }

  /** AWS: only `size` may be an operand. */
  #asOperand(part: Part): OperandSyntax {
    if (part.kind === 'call') {
      if (CONDITIONS.has(part.name)) this.#reader.noteMisuse(part.name);
      return part;
    }
    return part.kind === 'path' || part.kind === 'value' ? part : this.#reader.unexpected();
  }

  /** AWS: `size` alone is no condition. */
  #asCondition(part: Part): ConditionSyntax {
    if (part.kind === 'path' || part.kind === 'value') this.#reader.unexpected();
    if (part.kind === 'call' && part.name === 'size') this.#reader.noteMisuse(part.name);
    return part as ConditionSyntax;
  }
}

const open = (part: Part): Read => ({ part, isEnclosed: false });
