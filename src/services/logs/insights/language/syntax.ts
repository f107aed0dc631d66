// The syntax tree of a query. Pure data.

import type { Place } from './malformed.ts';

/** An expression. `place` is where it stands in the query. */
export type Expression =
  | { kind: 'literal'; value: string | number; place: Place }
  | { kind: 'duration'; amount: number; unit: string; place: Place }
  | { kind: 'field'; name: string; place: Place }
  | { kind: 'star'; place: Place }
  | { kind: 'unary'; operator: 'not' | '-'; operand: Expression; place: Place }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression; place: Place }
  | {
      kind: 'like';
      operand: Expression;
      pattern: Expression | RegularExpression;
      isNegated: boolean;
      place: Place;
    }
  | { kind: 'in'; operand: Expression; list: Expression[]; isNegated: boolean; place: Place }
  | { kind: 'call'; name: string; arguments: Expression[]; place: Place }
  | { kind: 'member'; operand: Expression; key: Expression; place: Place };

/** The operators with two operands. */
export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^';

/** A regular expression in JavaScript's syntax. */
export interface RegularExpression {
  kind: 'pattern';
  source: string;
  flags: string;
  place: Place;
}

/** An expression and the name of its column: the one after `as`, or the expression's own text. */
export interface Column {
  expression: Expression;
  name: string;
  isNamed: boolean;
  place: Place;
}

/** One command between bars. */
export type Command =
  | { kind: 'source'; selection: SourceSelection; place: Place }
  | { kind: 'fields'; columns: Column[]; place: Place }
  | { kind: 'display'; columns: Column[]; place: Place }
  | { kind: 'filter'; condition: Expression; place: Place }
  | { kind: 'stats'; columns: Column[]; by: Column[]; place: Place }
  | { kind: 'sort'; keys: SortKey[]; place: Place }
  | { kind: 'limit'; count: number; place: Place }
  | { kind: 'dedup'; columns: Column[]; place: Place }
  | {
      kind: 'parse';
      field: Expression;
      glob?: string;
      pattern?: RegularExpression;
      names: string[];
      place: Place;
    };

/** One key of `sort`. */
export interface SortKey {
  expression: Expression;
  /** The expression's text, by which a column of `stats` can be meant. */
  name: string;
  isDescending: boolean;
}

/** Which log groups SOURCE selects: by name, as dashboards write it, or by prefixes. */
export type SourceSelection =
  | { names: string[] }
  | { prefixes: string[]; logGroupClass?: string | undefined };

/** A parsed query. */
export interface Query {
  commands: Command[];
}
