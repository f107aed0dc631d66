// Evaluates metric math to numbers, time series and lists of time series. Pure.

import { type Expression, ExpressionProblem, type Operator } from './expression.ts';
import { functionNamed } from './functions.ts';
import { combine, type Surroundings, type Value } from './series.ts';

const flag = (holds: boolean): number => (holds ? 1 : 0);

/** AWS: a comparison or logical operation is 1 or 0; every operand but 0 is true. */
const OPERATIONS: Record<Operator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => flag(left === right),
  '!=': (left, right) => flag(left !== right),
  '<': (left, right) => flag(left < right),
  '<=': (left, right) => flag(left <= right),
  '>': (left, right) => flag(left > right),
  '>=': (left, right) => flag(left >= right),
  AND: (left, right) => flag(left !== 0 && right !== 0),
  OR: (left, right) => flag(left !== 0 || right !== 0),
};

/** Throws ExpressionProblem. */
export function evaluate(expression: Expression, around: Surroundings): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return around.valueOf(expression.name);
    case 'text':
      throw new ExpressionProblem(`Unexpected text "${expression.value}"`);
    case 'list':
      return expression.items.flatMap((item) => {
        const value = evaluate(item, around);
        if (Array.isArray(value)) around.spend(value.length);
        if (typeof value === 'number') throw new ExpressionProblem('A list may hold time series only');
        return value;
      });
    case 'operation': {
      const { operator, left, right } = expression;
      return combine(OPERATIONS[operator], evaluate(left, around), evaluate(right, around), around);
    }
    case 'call': {
      const given = expression.arguments.map((argument) => ({
        expression: argument,
        value: () => evaluate(argument, around),
      }));
      return functionNamed(expression.name)(given, around);
    }
  }
}
