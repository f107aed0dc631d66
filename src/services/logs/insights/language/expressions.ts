// Parses expressions by a table of operators: each row binds more tightly than the one above.

import type { Cursor } from './cursor.ts';
import { signatureOf } from './functions.ts';
import { MalformedQuery } from './malformed.ts';
import { regularExpression } from './regular-expression.ts';
import type { BinaryOperator, Column, Expression } from './syntax.ts';

const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['=', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
  ['^'],
];
const NOT_ABOVE = LEVELS.findIndex((row) => row.includes('='));
/** Deeper expressions are refused, so that no query overflows the stack. */
const DEEPEST = 100;
/** Of all expressions of a query together, for the same reason. */
const MOST_OPERATORS = 1_000;

/** Parses one expression at the cursor. Throws MalformedQuery. */
export const parseExpression = (cursor: Cursor): Expression => level(cursor, 0, 0);

/** An expression with `as NAME` behind it, or without. Its name is then its text in the query. */
export function parseColumn(cursor: Cursor): Column {
  const { start } = cursor.token;
  const expression = parseExpression(cursor);
  const { end } = expression.place;
  const text = cursor.query.slice(start, end);
  const isNamed = cursor.take('as');
  const name = isNamed ? cursor.requireKind('name', 'text').text : nameOf(expression, text);
  return { expression, name, isNamed, place: cursor.placeFrom(start) };
}

/** The name of a column without one: a field's name, or the expression's text. */
export const nameOf = (expression: Expression, text: string): string =>
  expression.kind === 'field' ? expression.name : text;

function level(cursor: Cursor, row: number, depth: number): Expression {
  if (depth > DEEPEST) throw new MalformedQuery('The expression is nested too deeply.', cursor.token);
  if (row === NOT_ABOVE && cursor.is('not')) {
    const { start } = cursor.next();
    const operand = level(cursor, row, depth + 1);
    return { kind: 'unary', operator: 'not', operand, place: cursor.placeFrom(start) };
  }
  const operators = LEVELS[row];
  if (!operators) return unary(cursor, depth);
  const { start } = cursor.token;
  let left = level(cursor, row + 1, depth);
  for (;;) {
    const operator = operators.find((one) => cursor.is(one));
    if (operator) {
      cursor.next();
      countOperator(cursor);
      // AWS: `2 ^ 3`; its operators are read from left to right.
      const right = level(cursor, row + 1, depth + 1);
      left = { kind: 'binary', operator, left, right, place: cursor.placeFrom(start) };
    } else if (row === NOT_ABOVE) {
      const tested = test(cursor, left, start, depth);
      if (!tested) return left;
      countOperator(cursor);
      left = tested;
    } else return left;
  }
}

function countOperator(cursor: Cursor): void {
  if (++cursor.operators > MOST_OPERATORS) {
    throw new MalformedQuery('The query has too many operators.', cursor.token);
  }
}

/** `like`, `=~`, `in` and their negations behind an operand. */
function test(cursor: Cursor, operand: Expression, start: number, depth: number): Expression | undefined {
  const isNegated = cursor.is('not') && /^(like|in)$/i.test(cursor.following.text);
  if (isNegated) cursor.next();
  if (cursor.take('like') || cursor.take('=~')) {
    const { token } = cursor;
    const pattern =
      token.kind === 'pattern'
        ? regularExpression(cursor.next().text, { start: token.start, end: token.end })
        : level(cursor, NOT_ABOVE + 1, depth + 1);
    return { kind: 'like', operand, pattern, isNegated, place: cursor.placeFrom(start) };
  }
  if (!cursor.take('in')) return undefined;
  cursor.require('[');
  const list = cursor.is(']') ? [] : cursor.list(() => level(cursor, 0, depth + 1));
  cursor.require(']');
  return { kind: 'in', operand, list, isNegated, place: cursor.placeFrom(start) };
}

function unary(cursor: Cursor, depth: number): Expression {
  const { start } = cursor.token;
  if (!cursor.take('-')) return members(cursor, depth);
  if (depth > DEEPEST) throw new MalformedQuery('The expression is nested too deeply.', cursor.token);
  const operand = unary(cursor, depth + 1);
  return { kind: 'unary', operator: '-', operand, place: cursor.placeFrom(start) };
}

/** `map["key"]`, `list[0]` */
function members(cursor: Cursor, depth: number): Expression {
  const { start } = cursor.token;
  let operand = primary(cursor, depth);
  while (cursor.take('[')) {
    countOperator(cursor);
    const key = level(cursor, 0, depth + 1);
    cursor.require(']');
    operand = { kind: 'member', operand, key, place: cursor.placeFrom(start) };
  }
  return operand;
}

function primary(cursor: Cursor, depth: number): Expression {
  const { token } = cursor;
  const place = { start: token.start, end: token.end };
  switch (token.kind) {
    case 'number':
      cursor.next();
      return { kind: 'literal', value: Number(token.text), place };
    case 'text':
      cursor.next();
      return { kind: 'literal', value: token.text, place };
    case 'duration': {
      cursor.next();
      const [, amount, unit] = /^([\d.]+)(\w+)$/.exec(token.text)!;
      return { kind: 'duration', amount: Number(amount), unit: unit!.toLowerCase(), place };
    }
    case 'name':
      return name(cursor, depth);
    default:
  }
  if (!cursor.take('(')) throw cursor.unexpected();
  const inner = level(cursor, 0, depth + 1);
  cursor.require(')');
  // With its parentheses, so that the text of a column has them.
  return { ...inner, place: cursor.placeFrom(token.start) };
}

function name(cursor: Cursor, depth: number): Expression {
  const token = cursor.next();
  const place = { start: token.start, end: token.end };
  if (!token.isQuoted && cursor.is('(')) return call(cursor, token.text, token.start, depth);
  if (!token.isQuoted && /^(and|or|in|like|as|by|asc|desc)$/i.test(token.text))
    throw cursor.unexpected(token);
  // AWS: JSON's true and false are 1 and 0.
  if (!token.isQuoted && /^(true|false)$/i.test(token.text)) {
    return { kind: 'literal', value: /^true$/i.test(token.text) ? 1 : 0, place };
  }
  return { kind: 'field', name: token.text, place };
}

function call(cursor: Cursor, given: string, start: number, depth: number): Expression {
  const signature = signatureOf(given);
  if (!signature) throw new MalformedQuery(`Unknown function: ${given}`, cursor.placeFrom(start));
  cursor.require('(');
  const argument = (): Expression => {
    const { token } = cursor;
    if (!cursor.is('*')) return level(cursor, 0, depth + 1);
    cursor.next();
    return { kind: 'star', place: { start: token.start, end: token.end } };
  };
  const args = cursor.is(')') ? [] : cursor.list(argument);
  cursor.require(')');
  const place = cursor.placeFrom(start);
  const [least, most] = signature.arity;
  if (args.length < least || args.length > most) {
    throw new MalformedQuery(
      `Invalid number of arguments for function ${signature.name}: ${args.length}`,
      place,
    );
  }
  const star = args.find(({ kind }) => kind === 'star');
  if (star && signature.name !== 'count')
    throw cursor.unexpected({ ...star.place, kind: 'symbol', text: '*' });
  return { kind: 'call', name: signature.name, arguments: args, place };
}
