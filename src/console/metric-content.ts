// The contents of a metric widget: runs its queries by GetMetricData, and adds the metrics and thresholds of the alarms
// that it shows.

import type { MetricAlarm, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../aws/scope.ts';
import type { DrawnWidget } from '../services/cloudwatch/dashboards/drawing.ts';
import type { DrawnSeries } from '../services/cloudwatch/dashboards/metric-widget.ts';
import { alarmsNamed, stateOf } from './alarm-content.ts';
import type { Band, ChartContent, Series, TimeSpan } from './contract.ts';
import { dynamicLabel } from './dynamic-label.ts';
import { reasonOf, type Sources, scopeOf } from './sources.ts';

/** Of one widget. Writing more as JSON would hold the event loop. */
const MOST_VALUES = 50_000;
/** The colour of AWS's alarm thresholds. */
const THRESHOLD_COLOUR = '#d13212';

type MetricWidget = Extract<DrawnWidget, { kind: 'metrics' }>;

/** Rejects only with bugs: what is refused is a problem of the widget. */
export async function metricContent(
  sources: Sources,
  page: Scope,
  widget: MetricWidget,
): Promise<ChartContent> {
  const { view, isStacked, span, axes, legend, horizontal, vertical, alarms, hasSparkline } = widget;
  const problems = widget.series.flatMap(({ label, problem, isVisible }) =>
    problem === undefined || !isVisible ? [] : [`${label}: ${problem}.`],
  );
  const read = async (scope: Scope, queries: MetricDataQuery[]) => {
    const answer = await readMetrics(sources, scope, queries, rangeOf(span, queries));
    problems.push(...answer.problems);
    return answer.results;
  };
  const results: MetricDataResult[] = [];
  const periods = new Map<string, number>();
  for (const request of widget.requests) {
    const queries = request.queries as MetricDataQuery[];
    for (const [id, period] of periodsOf(queries)) periods.set(id, period);
    results.push(...(await read(scopeOf(page, request), queries)));
  }
  const now = sources.clock.now() / 1000;
  const series = widget.series.flatMap((drawn) =>
    seriesOf(drawn, results, widget.isLive ? undefined : now - (periods.get(drawn.id) ?? 0)),
  );
  const shown = await alarmsNamed(sources, page, alarms);
  problems.push(...shown.problems);
  const thresholds: Band[] = [];
  for (const { alarm, scope } of shown.metricAlarms) {
    const queries = queriesOf(alarm);
    const own = series.length === 0 ? await read(scope, queries) : [];
    series.push(...own.map((result) => plainSeries(result, result.Label ?? '')));
    if (alarm.Threshold !== undefined) thresholds.push(thresholdOf(alarm, alarm.Threshold));
  }
  return {
    ...{
      kind: 'chart',
      view,
      isStacked,
      span,
      axes,
      legend,
      vertical,
      hasSparkline,
      alarms,
      series,
      problems,
    },
    horizontal: [...horizontal, ...thresholds],
    alarmStates: shown.states,
  };
}

/** The results, oldest value first. When an expression is refused, those of the metrics without any expression. */
async function readMetrics(
  { monitoring }: Sources,
  scope: Scope,
  queries: MetricDataQuery[],
  range: { StartTime: Date; EndTime: Date },
): Promise<{ results: MetricDataResult[]; problems: string[] }> {
  if (queries.length === 0) return { results: [], problems: [] };
  const asked = { ...range, ScanBy: 'TimestampAscending' as const, MaxDatapoints: MOST_VALUES };
  try {
    const answer = await monitoring.call('GetMetricData', { ...asked, MetricDataQueries: queries }, scope);
    const problems = (answer.Messages ?? []).flatMap(({ Value }) => Value ?? []);
    if (answer.NextToken !== undefined)
      problems.push(`Only the first ${MOST_VALUES} values are shown; choose a shorter time range.`);
    return { results: answer.MetricDataResults ?? [], problems };
  } catch (error) {
    const reason = reasonOf(error);
    const metrics = queries.filter(({ MetricStat }) => MetricStat);
    if (metrics.length === 0 || metrics.length === queries.length) return { results: [], problems: [reason] };
    const others = await readMetrics({ monitoring } as Sources, scope, metrics, range);
    return { results: others.results, problems: [reason, ...others.problems] };
  }
}

/**
 * AWS: periods are counted from the start of the range. A range that moves would change all values with it, so it starts
 * at a multiple of the longest period, unless that is about the whole range.
 */
function rangeOf({ start, end }: TimeSpan, queries: MetricDataQuery[]): { StartTime: Date; EndTime: Date } {
  const periods = periodsOf(queries).map(([, period]) => period * 1000);
  const longest = Math.max(1, ...periods.filter((period) => period <= (end - start) / 2));
  return { StartTime: new Date(Math.floor(start / longest) * longest), EndTime: new Date(end) };
}

const periodsOf = (queries: readonly MetricDataQuery[]): [string, number][] =>
  queries.map(({ Id = '', Period, MetricStat }) => [Id, MetricStat?.Period ?? Period ?? 0]);

/** `lastStart`: the latest start of a period that has ended, in seconds; `undefined` to show all values. */
function seriesOf(
  { id, label, colour, axis, isVisible }: DrawnSeries,
  results: readonly MetricDataResult[],
  lastStart: number | undefined,
): Series[] {
  if (!isVisible) return [];
  const own = results.filter(({ Id }) => Id === id);
  // A metric without values is in the legend all the same.
  if (own.length === 0) return [{ label, ...(colour && { colour }), axis, times: [], values: [] }];
  return own.map((result) => {
    const series = plainSeries(result, own.length > 1 ? (result.Label ?? label) : label);
    const count =
      lastStart === undefined
        ? Number.POSITIVE_INFINITY
        : series.times.filter((at) => at <= lastStart).length;
    return {
      ...{ ...series, axis },
      ...(colour && own.length === 1 && { colour }),
      ...{ times: series.times.slice(0, count), values: series.values.slice(0, count) },
    };
  });
}

function plainSeries({ Timestamps = [], Values = [] }: MetricDataResult, label: string): Series {
  return {
    label: dynamicLabel(label, Values),
    axis: 'left',
    times: Timestamps.map((at) => at.getTime() / 1000),
    values: Values,
  };
}

/** The metric, or the expression with what it refers to. */
function queriesOf({ Metrics, MetricName, ...alarm }: MetricAlarm): MetricDataQuery[] {
  if (Metrics) return Metrics;
  if (MetricName === undefined) return [];
  return [
    {
      Id: 'm1',
      Label: MetricName,
      MetricStat: {
        Metric: { Namespace: alarm.Namespace, MetricName, Dimensions: alarm.Dimensions },
        ...{ Period: alarm.Period, Stat: alarm.Statistic ?? alarm.ExtendedStatistic, Unit: alarm.Unit },
      },
    },
  ];
}

function thresholdOf(alarm: MetricAlarm, from: number): Band {
  return { from, label: stateOf(alarm, '').condition, colour: THRESHOLD_COLOUR, axis: 'left' };
}
