// Time series and lists of them: what the operators and functions of metric math work on. Pure.

import { type Expression, ExpressionProblem } from './expression.ts';

/** One value for each period. */
export interface TimeSeries {
  /** The label in the response. */
  label: string;
  /** Seconds. */
  period: number;
  /** Beginning of the period, in seconds since the epoch -> value; in order of time. */
  values: ReadonlyMap<number, number>;
}

/** What an expression evaluates to. */
export type Value = number | TimeSeries | TimeSeries[];

/** What an expression can refer to. */
export interface Surroundings {
  /** The value of the query with this id. Throws ExpressionProblem if there is none. */
  valueOf(id: string): Value;
  /** The series of the queries that name a metric and whose ids contain the text. */
  metrics(containing: string): TimeSeries[];
  range: { from: number; to: number };
  /** Seconds: the shortest period of the request. */
  period: number;
  /** The label of the result. */
  label: string;
  /** Counts evaluated values. Throws ExpressionProblem when there are too many. */
  spend(count: number): void;
}

/** The argument of a function: some are words, such as REPEAT, and are not evaluated. */
export interface Argument {
  expression: Expression;
  value(): Value;
}

const MOST_FILLED = 100_800;

export const isSeries = (value: Value): value is TimeSeries =>
  typeof value === 'object' && !Array.isArray(value);

/** Every period of the range, for this period in seconds. Throws ExpressionProblem if there are too many. */
export function* periodsOf({ range: { from, to }, spend }: Surroundings, period: number): Generator<number> {
  const count = Math.ceil((to - from) / period);
  if (count > MOST_FILLED) throw new ExpressionProblem('The result would have too many values');
  spend(count);
  for (let at = from; at < to; at += period) yield at;
}

/** AWS: the result has no value where one side has none or where the result is not finite. */
export function combine(
  operation: (left: number, right: number) => number,
  left: Value,
  right: Value,
  around: Surroundings,
  label = around.label,
): Value {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right);
  if (Array.isArray(left)) {
    if (Array.isArray(right)) throw new ExpressionProblem('Unsupported operand types: two lists');
    return left.map((one) => combine(operation, one, right, around, one.label) as TimeSeries);
  }
  if (Array.isArray(right))
    return right.map((one) => combine(operation, left, one, around, one.label) as TimeSeries);
  const [first, second] = isSeries(left) ? [left, right] : [right as TimeSeries, left];
  around.spend(first.values.size + 1);
  const values = new Map<number, number>();
  for (const [at, one] of first.values) {
    const other = typeof second === 'number' ? second : second.values.get(at);
    if (other === undefined) continue;
    const result = isSeries(left) ? operation(one, other) : operation(other, one);
    if (Number.isFinite(result)) values.set(at, result);
  }
  return { label, period: first.period, values };
}

/** AWS: aggregates a list of series to one series, period by period, and one series to a number. */
export function gathered(
  gather: (values: readonly number[]) => number,
  value: Value,
  around: Surroundings,
): Value {
  const { label, spend } = around;
  if (typeof value === 'number') return value;
  if (isSeries(value)) {
    spend(value.values.size);
    const values = [...value.values.values()];
    return values.length === 0 ? { ...value, label } : gather(values);
  }
  const byTime = new Map<number, number[]>();
  for (const { values } of value) {
    spend(values.size + 1);
    for (const [at, one] of values) {
      const there = byTime.get(at);
      if (there) there.push(one);
      else byTime.set(at, [one]);
    }
  }
  const values = [...byTime].sort(([a], [b]) => a - b).map(([at, all]) => [at, gather(all)] as const);
  return { label, period: value[0]?.period ?? around.period, values: new Map(values) };
}

/** Applies a change of one series to a series or to each series of a list. */
export function eachSeries(
  name: string,
  value: Value,
  around: Surroundings,
  change: (series: TimeSeries) => Iterable<readonly [at: number, value: number]>,
): Value {
  if (typeof value === 'number') throw new ExpressionProblem(`${name} takes a time series`);
  const changed = (series: TimeSeries): TimeSeries => {
    around.spend(series.values.size + 1);
    return { ...series, values: new Map(change(series)) };
  };
  return isSeries(value) ? { ...changed(value), label: around.label } : value.map(changed);
}
