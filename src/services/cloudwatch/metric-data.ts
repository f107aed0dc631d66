// The data of many metrics, and metric math over them, page by page: for GetMetricData and for the evaluation of
// alarms.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { pagesOf } from '../../aws/pages.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Input } from '../../wire/service.ts';
import { evaluate } from './domain/evaluate.ts';
import { ExpressionProblem } from './domain/expression.ts';
import { type MetricQuery, type Query, readQueries } from './domain/metric-queries.ts';
import { gather, type Range, rangeOf } from './domain/period.ts';
import type { TimeSeries, Value } from './domain/series.ts';
import { inExpression, invalidNextToken, START_NOT_BEFORE_END, validation } from './faults.ts';
import { type Metrics, nowOf } from './metrics.ts';

const MOST_DATAPOINTS = 100_800;
/** Of all metrics of a request. Bounds the memory of a request. */
const MOST_COMPUTED = 1_000_000;
/** Of all expressions of a request, counted at each operation. */
const MOST_EVALUATED = 5_000_000;
/** The maximum length of a chain of expressions that refer to each other. */
const LONGEST_CHAIN = 20;
const READ_AT_ONCE = 16;

const pages = pagesOf({ list: 'cloudwatch data', invalidToken: invalidNextToken });

type Asking = Input<typeof import('@aws-sdk/client-cloudwatch'), 'GetMetricData'>;

interface Result {
  id: string;
  series: TimeSeries;
}

/** Like GetMetricData, also for the evaluation of alarms. `context` may be any scope. */
export async function metricData(cloudwatch: Metrics, input: Asking, context: Scope) {
  const queries = readQueries(input.MetricDataQueries, context.accountId);
  const { StartTime, EndTime, ScanBy = 'TimestampDescending', MaxDatapoints = MOST_DATAPOINTS } = input;
  if (StartTime.getTime() >= EndTime.getTime()) throw validation(START_NOT_BEFORE_END);
  if (!['TimestampAscending', 'TimestampDescending'].includes(ScanBy))
    throw validation(`The value ${ScanBy.slice(0, 300)} for parameter ScanBy is invalid.`);
  if (!Number.isInteger(MaxDatapoints) || MaxDatapoints < 1 || MaxDatapoints > MOST_DATAPOINTS)
    throw validation(`The parameter MaxDatapoints must be between 1 and ${MOST_DATAPOINTS}.`);
  const offset = offsetOf(input.NextToken);
  const asked = { start: StartTime.getTime(), end: EndTime.getTime() };
  const metrics = await readMetrics(cloudwatch, context, queries, asked);
  const period = shortestPeriod(queries, input.MetricDataQueries);
  const range = rangeOf(asked.start, asked.end, period, nowOf(cloudwatch));
  const results = evaluateAll(queries, metrics, { range, period });
  return pageOfResults(results, offset, MaxDatapoints, ScanBy === 'TimestampDescending');
}

interface Asked {
  /** Milliseconds since the epoch. */
  start: number;
  end: number;
}

/** In seconds, of the metrics, else of the expressions; a minute if there is none. */
function shortestPeriod(queries: readonly Query[], given: Asking['MetricDataQueries']): number {
  const ofMetrics = queries.flatMap(({ of }) => (of.kind === 'metric' ? [of.period] : []));
  const ofExpressions = given.flatMap(({ Period }) => Period ?? []);
  const periods = ofMetrics.length > 0 ? ofMetrics : ofExpressions;
  return periods.length > 0 ? Math.min(...periods) : 60;
}

/** The series of every query that names a metric, by the query's id. */
async function readMetrics(cloudwatch: Metrics, scope: Scope, queries: readonly Query[], asked: Asked) {
  const now = nowOf(cloudwatch);
  const found = new Map<string, TimeSeries>();
  const known: { query: Query; of: MetricQuery; metric: number; range: Range }[] = [];
  for (const query of queries) {
    const { of } = query;
    if (of.kind !== 'metric') continue;
    const metric = cloudwatch.index.find(scope, of.key)?.id;
    const range = rangeOf(asked.start, asked.end, of.period, now);
    if (metric !== undefined) known.push({ query, of, metric, range });
    found.set(query.id, { label: query.label ?? of.name, period: of.period, values: new Map() });
  }
  // Metrics with neighbouring numbers share a bucket, which is then read once.
  known.sort((a, b) => a.metric - b.metric);
  let computed = 0;
  for (let first = 0; first < known.length; first += READ_AT_ONCE) {
    const some = known.slice(first, first + READ_AT_ONCE);
    const from = Math.min(...some.map(({ range }) => range.from));
    const to = Math.max(...some.map(({ range }) => range.to));
    const points = await cloudwatch.points.read([...new Set(some.map(({ metric }) => metric))], from, to);
    for (const { query, of, metric, range } of some) {
      const { unit, period, statistic } = of;
      const wanted = points.get(metric)!.filter((point) => unit === undefined || point.unit === unit);
      const values = new Map<number, number>();
      for (const [at, aggregate] of gather(wanted, range, period, now)) {
        const value = statistic(aggregate);
        if (value !== undefined) values.set(at, value);
      }
      computed += values.size;
      if (computed > MOST_COMPUTED)
        throw validation(`The request is for more than ${MOST_COMPUTED} datapoints; shorten its time range.`);
      found.set(query.id, { ...found.get(query.id)!, values });
    }
    await nextTurn();
  }
  return found;
}

/** Throws ValidationError. */
function evaluateAll(
  queries: readonly Query[],
  metrics: ReadonlyMap<string, TimeSeries>,
  extent: { range: Range; period: number },
): Result[] {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const values = new Map<string, Value>(metrics);
  const underWay = new Set<string>();
  let spent = 0;
  const spend = (count: number) => {
    spent += count;
    if (spent > MOST_EVALUATED) throw new ExpressionProblem('The expressions take too many datapoints');
  };

  function resultOf(id: string): Value {
    const value = values.get(id);
    if (value !== undefined) return value;
    const query = byId.get(id);
    if (query?.of.kind !== 'expression') throw new ExpressionProblem(`There is no query with the id '${id}'`);
    if (underWay.has(id)) throw new ExpressionProblem(`Circular reference to '${id}'`);
    if (underWay.size >= LONGEST_CHAIN)
      throw new ExpressionProblem('Too many expressions refer to each other');
    underWay.add(id);
    const result = evaluate(query.of.expression, {
      valueOf: resultOf,
      metrics: (containing) =>
        [...metrics].filter(([other]) => other.includes(containing)).map(([, one]) => one),
      ...extent,
      label: query.label ?? id,
      spend,
    });
    underWay.delete(id);
    values.set(id, result);
    return result;
  }

  return queries.flatMap(({ id, isReturned, label }) => {
    try {
      const value = resultOf(id);
      if (!isReturned) return [];
      if (typeof value === 'number') throw new ExpressionProblem('The result is a number, not a time series');
      if (Array.isArray(value)) return value.map((series) => ({ id, series }));
      return [{ id, series: metrics.has(id) ? value : { ...value, label: label ?? id } }];
    } catch (error) {
      if (error instanceof ExpressionProblem) throw validation(inExpression(id, error.message));
      throw error;
    }
  });
}

/** The token contains how many datapoints the pages so far have returned. Throws InvalidNextToken. */
const offsetOf = (token: string | undefined): number => Number(pages.keyOf(token) ?? 0);

function pageOfResults(results: readonly Result[], offset: number, most: number, isDescending: boolean) {
  const end = offset + most;
  let first = 0;
  const shown = results.flatMap(({ id, series }) => {
    const from = first;
    first += series.values.size;
    const isOnPage = series.values.size === 0 ? offset === 0 : from < end && first > offset;
    if (!isOnPage) return [];
    const all = [...series.values];
    if (isDescending) all.reverse();
    const page = all.slice(Math.max(0, offset - from), end - from);
    return [
      {
        Id: id,
        Label: series.label,
        Timestamps: page.map(([at]) => new Date(at * 1000)),
        Values: page.map(([, value]) => value),
        StatusCode: series.values.size > 0 && first > end ? ('PartialData' as const) : ('Complete' as const),
      },
    ];
  });
  return {
    MetricDataResults: shown,
    Messages: [],
    NextToken: first > end ? pages.tokenFor(String(end)) : undefined,
  };
}
