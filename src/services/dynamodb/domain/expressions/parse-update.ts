// Parses UpdateExpression. Pure.
//
//   update  = section { section }
//   section = SET path "=" value { "," … } | REMOVE path { "," … } | ADD path :value { "," … } | DELETE path :value { "," … }
//   value   = operand [ "+" operand | "-" operand ]
//   operand = path | :value | function "(" operands ")" | "(" value ")"

import { repeatedSection } from '../../faults/expressions.ts';
import type {
  ActionSyntax,
  AssignedSyntax,
  CallSyntax,
  OperandSyntax,
  ParsedUpdate,
  ValueSyntax,
} from './syntax.ts';
import { TokenReader } from './token-reader.ts';

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
const KEYWORDS: ReadonlySet<string> = new Set(SECTIONS);

/** Throws ExpressionProblem, in AWS's order: syntax, reserved words, functions, repeated sections, number of operators. */
export function parseUpdate(text: string): ParsedUpdate {
  return new UpdateParser(text).whole();
}

class UpdateParser {
  readonly #reader: TokenReader;

  constructor(text: string) {
    this.#reader = new TokenReader(text, { keywords: KEYWORDS, isUpdate: true });
  }

  whole(): ParsedUpdate {
    const reader = this.#reader;
    const actions: ActionSyntax[] = [];
    const sections = new Set<string>();
    let repeated: string | undefined;
    do {
      const section = SECTIONS.find((one) => reader.takeKeyword(one));
      if (!section) return reader.unexpected();
      if (sections.has(section)) repeated ??= section;
      sections.add(section);
      do actions.push(this.#action(section));
      while (reader.takeSymbol(','));
    } while (reader.token.kind !== 'end');
    reader.throwFirst(['reservedWord', 'parentheses', 'unknownFunction', 'misusedFunction']);
    if (repeated) throw repeatedSection(repeated);
    reader.throwFirst(['operators']);
    return { actions };
  }

  #action(kind: (typeof SECTIONS)[number]): ActionSyntax {
    const reader = this.#reader;
    const path = reader.path();
    if (kind === 'REMOVE') return { kind, path };
    if (kind === 'SET') {
      reader.expectSymbol('=');
      return { kind, path, value: this.#value().value };
    }
    if (reader.token.kind !== 'value') return reader.unexpected();
    return { kind, path, value: this.#placeholder() };
  }

  #value(): { value: AssignedSyntax; isEnclosed: boolean } {
    const reader = this.#reader;
    const first = this.#term();
    if (!reader.isSymbol('+') && !reader.isSymbol('-')) return first;
    const left = this.#asOperand(first.value);
    const operator = reader.take().text as '+' | '-';
    reader.countOperator();
    const right = this.#asOperand(this.#term().value);
    return { value: { kind: 'sum', operator, left, right }, isEnclosed: false };
  }

  #term(): { value: AssignedSyntax; isEnclosed: boolean } {
    const reader = this.#reader;
    if (!reader.takeSymbol('(')) return { value: this.#operand(), isEnclosed: false };
    const { value, isEnclosed } = reader.nested(() => this.#value());
    reader.expectSymbol(')');
    if (isEnclosed) reader.noteRedundantParentheses();
    return { value, isEnclosed: true };
  }

  #operand(): OperandSyntax {
    const reader = this.#reader;
    if (reader.token.kind === 'value') return this.#placeholder();
    const isCall =
      reader.token.kind === 'name' &&
      !reader.keyword &&
      reader.next.kind === 'symbol' &&
      reader.next.text === '(';
    return isCall ? this.#call() : reader.path();
  }

  #placeholder(): ValueSyntax {
    return { kind: 'value', name: this.#reader.take().text };
  }

  #call(): CallSyntax {
    const reader = this.#reader;
    const name = reader.take().text;
    reader.countOperator();
    reader.take();
    const operands: OperandSyntax[] = [];
    do operands.push(reader.nested(() => this.#argument()));
    while (reader.takeSymbol(','));
    reader.expectSymbol(')');
    // AWS: of nested functions the inner one is checked first.
    reader.noteFunction(name);
    return { kind: 'call', name, arguments: operands };
  }

  /** AWS: list_append is no argument of another function; a sum is none by the grammar. */
  #argument(): OperandSyntax {
    const operand = this.#asOperand(this.#term().value);
    if (operand.kind === 'call' && operand.name === 'list_append') this.#reader.noteMisuse(operand.name);
    return operand;
  }

  /** A sum is no operand. */
  #asOperand(value: AssignedSyntax): OperandSyntax {
    return value.kind === 'sum' ? this.#reader.unexpected() : value;
  }
}
