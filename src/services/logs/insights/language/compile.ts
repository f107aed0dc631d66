// Compiles expressions to functions of a row number. A scope says where the fields of a row are: in the columns of a
// segment, or in a table of results. Pure.

import { asValue, finite, signatureOf } from './functions.ts';
import { MalformedQuery } from './malformed.ts';
import { ceilTime, floorTime, type Period, periodOf } from './periods.ts';
import { compiled as compiledPattern } from './regular-expression.ts';
import type { Expression } from './syntax.ts';
import { areEqual, compareValues, numberOf, textOf, type Value } from './values.ts';

/** The value of an expression in a row. */
export type Read = (row: number) => Value;

/** A compiled expression. */
export interface Compiled {
  read: Read;
  /** The value is a time in milliseconds since the epoch, and is shown as one. */
  isTime?: boolean;
}

/** Where an expression finds its values. */
export interface Scope {
  field(name: string): Compiled;
  /** The column of results that this call stands for. Throws MalformedQuery where there are none. */
  aggregate(call: Expression & { kind: 'call' }): Compiled;
  /** When the query was started, in milliseconds since the epoch. */
  now: number;
}

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** Throws MalformedQuery for what only shows now: an unknown period, an aggregate outside of `stats`. */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return { read: () => value };
    }
    case 'field':
      return scope.field(expression.name);
    case 'unary':
      return { read: unary(expression, scope) };
    case 'binary':
      return { read: binary(expression, scope) };
    case 'like':
      return { read: like(expression, scope) };
    case 'in':
      return { read: isIn(expression, scope) };
    case 'member':
      return { read: member(expression, scope) };
    case 'call':
      return call(expression, scope);
    case 'duration':
      throw new MalformedQuery(
        'A period can only be an argument of bin, datefloor and dateceil.',
        expression.place,
      );
    case 'star':
      throw new MalformedQuery('unexpected symbol found *', expression.place);
  }
}

/** Whether a condition holds: a value that is neither nothing, 0, nor empty. */
export const isTrue = (value: Value): boolean =>
  value !== undefined && value !== 0 && value !== '' && value !== '0';

function unary({ operator, operand }: Of<'unary'>, scope: Scope): Read {
  const { read } = compile(operand, scope);
  if (operator === 'not') return (row) => Number(!isTrue(read(row)));
  return (row) => finite(-numberOf(read(row)));
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};
/** AWS does not say what a comparison with a missing field results in. Here only `!=` holds. */
const COMPARISONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '=': areEqual,
  '!=': (a, b) => !areEqual(a, b),
  '<': (a, b) => arePresent(a, b) && compareValues(a, b) < 0,
  '<=': (a, b) => arePresent(a, b) && compareValues(a, b) <= 0,
  '>': (a, b) => arePresent(a, b) && compareValues(a, b) > 0,
  '>=': (a, b) => arePresent(a, b) && compareValues(a, b) >= 0,
};

const arePresent = (a: Value, b: Value): boolean => a !== undefined && b !== undefined;

function binary({ operator, left, right }: Of<'binary'>, scope: Scope): Read {
  const [{ read: first }, { read: second }] = [compile(left, scope), compile(right, scope)];
  if (operator === 'and') return (row) => Number(isTrue(first(row)) && isTrue(second(row)));
  if (operator === 'or') return (row) => Number(isTrue(first(row)) || isTrue(second(row)));
  const calculate = ARITHMETIC[operator];
  if (calculate) return (row) => finite(calculate(numberOf(first(row)), numberOf(second(row))));
  const holds = COMPARISONS[operator]!;
  return (row) => Number(holds(first(row), second(row)));
}

function like({ operand, pattern, isNegated }: Of<'like'>, scope: Scope): Read {
  const { read } = compile(operand, scope);
  const wanted = Number(!isNegated);
  if (pattern.kind === 'pattern') {
    const expression = compiledPattern(pattern);
    return (row) => {
      const value = read(row);
      return Number(Number(value !== undefined && expression.test(textOf(value))) === wanted);
    };
  }
  const { read: part } = compile(pattern, scope);
  return (row) => {
    const value = read(row);
    return Number(Number(value !== undefined && textOf(value).includes(textOf(part(row)))) === wanted);
  };
}

function isIn({ operand, list, isNegated }: Of<'in'>, scope: Scope): Read {
  const { read } = compile(operand, scope);
  const items = list.map((item) => compile(item, scope).read);
  const wanted = Number(!isNegated);
  return (row) => {
    const value = read(row);
    return Number(Number(items.some((item) => areEqual(value, item(row)))) === wanted);
  };
}

function member({ operand, key }: Of<'member'>, scope: Scope): Read {
  const [{ read }, { read: readKey }] = [compile(operand, scope), compile(key, scope)];
  return (row) => memberOf(read(row), textOf(readKey(row)));
}

/** The member of a map, or the item of a list. */
export function memberOf(value: Value, key: string): Value {
  if (typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
  return asValue((value as Record<string, unknown>)[key]);
}

function call(expression: Of<'call'>, scope: Scope): Compiled {
  const signature = signatureOf(expression.name)!;
  if (signature.isAggregate) return scope.aggregate(expression);
  const { arguments: args } = expression;
  if (signature.name === 'now') {
    const seconds = Math.floor(scope.now / 1000);
    return { read: () => seconds };
  }
  if (!signature.apply) return { read: rounded(expression, scope), isTime: true };
  const compiled = args.map((argument) => compile(argument, scope));
  const isTime =
    signature.isTime === true || (signature.keepsTime === true && compiled.some((one) => one.isTime));
  return {
    read: applied(
      signature.apply,
      compiled.map(({ read }) => read),
    ),
    isTime,
  };
}

/** Without a list of values for the usual numbers of arguments. */
function applied(apply: (...values: Value[]) => Value, reads: readonly Read[]): Read {
  const [first, second] = reads;
  if (reads.length === 1) return (row) => apply(first!(row));
  if (reads.length === 2) return (row) => apply(first!(row), second!(row));
  return (row) => apply(...reads.map((read) => read(row)));
}

/** `bin(5m)`, `bin(@timestamp, 5m)`, `datefloor(TIME, 1h)`, `dateceil(TIME, 1d)` */
function rounded(expression: Of<'call'>, scope: Scope): Read {
  const { name, arguments: args, place } = expression;
  const given = args.at(-1)!;
  const period = given.kind === 'duration' ? periodOf(given.amount, given.unit) : undefined;
  if (!period) throw new MalformedQuery(`Invalid period of ${name}`, given.place ?? place);
  const { read } = args.length === 2 ? compile(args[0]!, scope) : scope.field('@timestamp');
  const round: (at: number, period: Period) => number = name === 'dateceil' ? ceilTime : floorTime;
  return (row) => {
    const at = numberOf(read(row));
    return Number.isNaN(at) ? undefined : round(at, period);
  };
}
