// The functions of metric math, by name. Pure.
//
// AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list

import { ExpressionProblem } from './expression.ts';
import { fill } from './fill.ts';
import {
  type Argument,
  combine,
  eachSeries,
  gathered,
  isSeries,
  periodsOf,
  type Surroundings,
  type TimeSeries,
  type Value,
} from './series.ts';

/** A function: its arguments and what it may refer to. Throws ExpressionProblem. */
export type MathFunction = (given: readonly Argument[], around: Surroundings) => Value;

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const mean = (values: readonly number[]): number => total(values) / values.length;

/** Aggregations, which SORT also takes by name. */
const SORTED_BY: Record<string, (values: readonly number[]) => number> = {
  AVG: mean,
  MAX: (values) => values.reduce((most, value) => Math.max(most, value)),
  MIN: (values) => values.reduce((least, value) => Math.min(least, value)),
  SUM: total,
};

const GATHERED: Record<string, (values: readonly number[]) => number> = {
  ...SORTED_BY,
  DATAPOINT_COUNT: (values) => values.length,
  // AWS does not say whether it is the deviation of the sample or of the population; Millpond's choice is the latter.
  STDDEV: (values) => {
    const middle = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  },
};

const EACH: Record<string, (value: number) => number> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  LOG: Math.log,
  LOG10: Math.log10,
};

type Pair = readonly [at: number, value: number];

/** From each value and the one before it. */
const STEPS: Record<string, (now: Pair, before: Pair) => number> = {
  DIFF: ([, now], [, before]) => now - before,
  DIFF_TIME: ([now], [before]) => now - before,
  RATE: ([at, now], [earlier, before]) => (now - before) / (at - earlier),
};

/** From the beginning of each period, in UTC. AWS: a day of the week is 1 for Monday to 7 for Sunday. */
const CALENDAR: Record<string, (date: Date) => number> = {
  MINUTE: (date) => date.getUTCMinutes(),
  HOUR: (date) => date.getUTCHours(),
  DAY: (date) => date.getUTCDay() || 7,
  DATE: (date) => date.getUTCDate(),
  MONTH: (date) => date.getUTCMonth() + 1,
  YEAR: (date) => date.getUTCFullYear(),
  EPOCH: (date) => date.getTime() / 1000,
};

/** Functions that AWS has and Millpond does not evaluate. */
const UNEVALUATED = new Set(
  'ANOMALY_DETECTION_BAND DB_PERF_INSIGHTS INSIGHT_RULE_METRIC LAMBDA SEARCH SERVICE_QUOTA'.split(' '),
);

/** The function with this name, in upper case. Throws ExpressionProblem if there is none. */
export function functionNamed(name: string): MathFunction {
  const found = FUNCTIONS.get(name);
  if (found) return found;
  if (UNEVALUATED.has(name)) throw new ExpressionProblem(`Millpond does not evaluate ${name}`);
  throw new ExpressionProblem(`Function '${name}' not found`);
}

const FUNCTIONS = new Map<string, MathFunction>([
  ...named(GATHERED, (name, gather) => (given, around) => gathered(gather, only(name, given), around)),
  ...named(
    EACH,
    (name, each) => (given, around) => combine((value) => each(value), only(name, given), 0, around),
  ),
  ...named(
    STEPS,
    (name, step) => (given, around) =>
      eachSeries(name, only(name, given), around, ({ values }) => stepped(values, step)),
  ),
  ...named(CALENDAR, (name, read) => (given, around) => {
    return eachSeries(name, only(name, given), around, ({ period }) =>
      [...periodsOf(around, period)].map((at) => [at, read(new Date(at * 1000))] as const),
    );
  }),
  ['FILL', fill],
  ['FIRST', (given, { label }) => ({ ...one(listOf('FIRST', only('FIRST', given)), 0), label })],
  ['IF', choose],
  ['LAST', (given, { label }) => ({ ...one(listOf('LAST', only('LAST', given)), -1), label })],
  ['METRIC_COUNT', (given) => listOf('METRIC_COUNT', only('METRIC_COUNT', given)).length],
  ['METRICS', metrics],
  ['PERIOD', (given) => seriesOf('PERIOD', only('PERIOD', given)).period],
  [
    'REMOVE_EMPTY',
    (given) => listOf('REMOVE_EMPTY', only('REMOVE_EMPTY', given)).filter(({ values }) => values.size > 0),
  ],
  [
    'RUNNING_SUM',
    (given, around) =>
      eachSeries('RUNNING_SUM', only('RUNNING_SUM', given), around, ({ values }) => runningSum(values)),
  ],
  ['SLICE', slice],
  ['SORT', sort],
  ['TIME_SERIES', constant],
]);

function named<T>(
  table: Record<string, T>,
  made: (name: string, of: T) => MathFunction,
): (readonly [string, MathFunction])[] {
  return Object.entries(table).map(([name, of]) => [name, made(name, of)] as const);
}

function only(name: string, given: readonly Argument[]): Value {
  if (given.length !== 1) throw new ExpressionProblem(`${name} takes one argument`);
  return given[0]!.value();
}

function seriesOf(name: string, value: Value): TimeSeries {
  if (isSeries(value)) return value;
  throw new ExpressionProblem(`${name} takes a time series`);
}

function listOf(name: string, value: Value): TimeSeries[] {
  if (Array.isArray(value)) return value;
  throw new ExpressionProblem(`${name} takes a list of time series`);
}

function numberOf(name: string, value: Value): number {
  if (typeof value === 'number') return value;
  throw new ExpressionProblem(`${name} takes a number`);
}

function one(list: readonly TimeSeries[], place: number): TimeSeries {
  const found = list.at(place);
  if (!found) throw new ExpressionProblem('The list has no such time series');
  return found;
}

/** AWS: without an argument all metrics, or those whose ids contain the text. */
function metrics(given: readonly Argument[], around: Surroundings): Value {
  const containing = given[0]?.expression;
  if (given.length > 1 || (containing && containing.kind !== 'text'))
    throw new ExpressionProblem('METRICS takes no argument or one text');
  return around.metrics(containing?.value ?? '');
}

function* stepped(
  values: ReadonlyMap<number, number>,
  step: (now: Pair, before: Pair) => number,
): Generator<Pair> {
  let before: Pair | undefined;
  for (const pair of values) {
    if (before) yield [pair[0], step(pair, before)];
    before = pair;
  }
}

function* runningSum(values: ReadonlyMap<number, number>): Generator<Pair> {
  let sum = 0;
  for (const [at, value] of values) yield [at, (sum += value)];
}

/** IF(condition, then, else). AWS: everything but 0 is true; without `else` there is no value where it is false. */
function choose(given: readonly Argument[], around: Surroundings): Value {
  if (given.length < 2 || given.length > 3) throw new ExpressionProblem('IF takes two or three arguments');
  const [condition, then, otherwise] = given.map((argument) => argument.value());
  if ([condition, then, otherwise].some((value) => Array.isArray(value)))
    throw new ExpressionProblem('IF takes no list');
  const chosen = (holds: boolean) => (holds ? then : otherwise) as number | TimeSeries | undefined;
  if (typeof condition === 'number') {
    const value = chosen(condition !== 0);
    if (value === undefined) throw new ExpressionProblem('IF has no value for a condition that is false');
    return isSeries(value) ? { ...value, label: around.label } : value;
  }
  const { period, values: conditions } = condition as TimeSeries;
  around.spend(conditions.size + 1);
  const values = new Map<number, number>();
  for (const [at, holds] of conditions) {
    const value = chosen(holds !== 0);
    const there = typeof value === 'object' ? value.values.get(at) : value;
    if (there !== undefined) values.set(at, there);
  }
  return { label: around.label, period, values };
}

/** SLICE(list, place) and SLICE(list, from, to), where `to` is exclusive. */
function slice(given: readonly Argument[]): Value {
  if (given.length < 2 || given.length > 3)
    throw new ExpressionProblem('SLICE takes a list and one or two numbers');
  const list = listOf('SLICE', given[0]!.value());
  const [from, to] = given.slice(1).map((argument) => numberOf('SLICE', argument.value()));
  return to === undefined ? one(list, from!) : list.slice(from, to);
}

/** SORT(list, AVG or MAX or MIN or SUM, ASC or DESC) and, with a number, the first so many. */
function sort(given: readonly Argument[], around: Surroundings): Value {
  const [list, by, order, most] = given;
  const compute = by?.expression.kind === 'id' ? SORTED_BY[by.expression.name.toUpperCase()] : undefined;
  const direction = order?.expression.kind === 'id' ? order.expression.name.toUpperCase() : '';
  if (!list || !compute || !['ASC', 'DESC'].includes(direction) || given.length > 4)
    throw new ExpressionProblem('SORT takes a list, one of AVG, MAX, MIN and SUM, and one of ASC and DESC');
  const keyed = listOf('SORT', list.value()).map((series) => {
    around.spend(series.values.size + 1);
    return { series, key: series.values.size > 0 ? compute([...series.values.values()]) : undefined };
  });
  const sign = direction === 'ASC' ? 1 : -1;
  // Series without values are last.
  keyed.sort((a, b) =>
    a.key === undefined || b.key === undefined
      ? Number(a.key === undefined) - Number(b.key === undefined)
      : sign * (a.key - b.key),
  );
  const sorted = keyed.map(({ series }) => series);
  return most ? sorted.slice(0, numberOf('SORT', most.value())) : sorted;
}

function constant(given: readonly Argument[], around: Surroundings): Value {
  const value = numberOf('TIME_SERIES', only('TIME_SERIES', given));
  const values = new Map([...periodsOf(around, around.period)].map((at) => [at, value] as const));
  return { label: around.label, period: around.period, values };
}
