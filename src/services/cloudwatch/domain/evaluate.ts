// Evaluates metric math to numbers, time series and lists of time series. Pure.

import { type Expression, ExpressionProblem, type Operator } from './expression.ts';

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
  /** The label of the result. */
  label: string;
  /** Counts evaluated values. Throws ExpressionProblem when there are too many. */
  spend(count: number): void;
}

const MOST_FILLED = 100_800;

const OPERATIONS: Record<Operator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
};

const GATHERED: Record<string, (values: readonly number[]) => number> = {
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MAX: (values) => values.reduce((most, value) => Math.max(most, value)),
  MIN: (values) => values.reduce((least, value) => Math.min(least, value)),
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
};

const EACH: Record<string, (value: number) => number> = { ABS: Math.abs, CEIL: Math.ceil, FLOOR: Math.floor };

/** Functions that AWS has and Millpond does not evaluate. */
const UNEVALUATED = new Set(
  (
    'ANOMALY_DETECTION_BAND DATAPOINT_COUNT DAY DB_PERF_INSIGHTS DIFF DIFF_TIME EPOCH FIRST HOUR IF ' +
    'INSIGHT_RULE_METRIC LAMBDA LAST LOG LOG10 METRIC_COUNT MINUTE MONTH RATE REMOVE_EMPTY RUNNING_SUM SEARCH ' +
    'SERVICE_QUOTA SLICE SORT STDDEV TIME_SERIES YEAR'
  ).split(' '),
);

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
    case 'call':
      return call(expression.name, expression.arguments, around);
  }
}

function call(name: string, given: readonly Expression[], around: Surroundings): Value {
  if (name === 'METRICS') {
    const [containing] = given;
    if (given.length > 1 || (containing && containing.kind !== 'text'))
      throw new ExpressionProblem('METRICS takes no argument or one text');
    return around.metrics(containing?.value ?? '');
  }
  const gather = Object.hasOwn(GATHERED, name) ? GATHERED[name] : undefined;
  if (gather) return gathered(gather, only(name, given, around), around);
  const each = Object.hasOwn(EACH, name) ? EACH[name] : undefined;
  if (each) return combine((value) => each(value), only(name, given, around), 0, around);
  if (name === 'PERIOD') return seriesOf(name, only(name, given, around)).period;
  if (name === 'FILL') return fill(given, around);
  if (UNEVALUATED.has(name)) throw new ExpressionProblem(`Millpond does not evaluate ${name}`);
  throw new ExpressionProblem(`Function '${name}' not found`);
}

function only(name: string, given: readonly Expression[], around: Surroundings): Value {
  if (given.length !== 1) throw new ExpressionProblem(`${name} takes one argument`);
  return evaluate(given[0]!, around);
}

function seriesOf(name: string, value: Value): TimeSeries {
  if (isSeries(value)) return value;
  throw new ExpressionProblem(`${name} takes a time series`);
}

const isSeries = (value: Value): value is TimeSeries => typeof value === 'object' && !Array.isArray(value);

/** AWS: aggregates a list of series to one series, period by period, and one series to a number. */
function gathered(gather: (values: readonly number[]) => number, value: Value, around: Surroundings): Value {
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
  return { label, period: value[0]?.period ?? 60, values: new Map(values) };
}

/** AWS: the result has no value where one side has none or where the result is not finite. */
function combine(
  operation: (left: number, right: number) => number,
  left: Value,
  right: Value,
  around: Surroundings,
  label = around.label,
): Value {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right);
  if (!isSeries(left) && typeof left !== 'number') {
    if (!isSeries(right) && typeof right !== 'number')
      throw new ExpressionProblem('Unsupported operand types: two lists');
    return left.map((one) => combine(operation, one, right, around, one.label) as TimeSeries);
  }
  if (!isSeries(right) && typeof right !== 'number') {
    return right.map((one) => combine(operation, left, one, around, one.label) as TimeSeries);
  }
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

/** FILL(series, number) and FILL(series, REPEAT). */
function fill(given: readonly Expression[], around: Surroundings): Value {
  const [what, filler] = given;
  if (given.length !== 2 || !what || !filler) throw new ExpressionProblem('FILL takes two arguments');
  const value = evaluate(what, around);
  if (typeof value === 'number') throw new ExpressionProblem('FILL takes a time series');
  if (!isSeries(value)) return value.map((one) => filled(one, filler, around));
  return filled(value, filler, around);
}

function filled(series: TimeSeries, filler: Expression, around: Surroundings): TimeSeries {
  const repeats = filler.kind === 'id' && filler.name === 'REPEAT';
  const number = repeats ? undefined : evaluate(filler, around);
  if (!repeats && typeof number !== 'number')
    throw new ExpressionProblem('Millpond supports FILL only with a number or REPEAT');
  const { from, to } = around.range;
  if ((to - from) / series.period > MOST_FILLED)
    throw new ExpressionProblem('FILL would make too many values');
  around.spend((to - from) / series.period);
  const values = new Map<number, number>();
  let last: number | undefined;
  for (let at = from; at < to; at += series.period) {
    last = series.values.get(at) ?? (repeats ? last : (number as number));
    if (last !== undefined) values.set(at, last);
  }
  return { ...series, values };
}
