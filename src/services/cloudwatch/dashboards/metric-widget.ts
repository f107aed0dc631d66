// What a metric widget shows: its series, and the queries of GetMetricData that read them. Pure.

import { ExpressionProblem, parseExpression, referencesOf } from '../domain/expression.ts';
import { functionNamed } from '../domain/functions.ts';
import type { GivenQuery } from '../domain/metric-queries.ts';
import type { Members } from './checks.ts';
import { defaultLabels, type Named } from './labels.ts';
import { expandRows, type Renderer, type Row } from './metric-row.ts';
import { DEFAULT_PERIOD, periodFor, wholeRange } from './periods.ts';
import { spanOf, type TimeSpan } from './time-span.ts';

/** One line, bar or number. */
export interface DrawnSeries {
  /** The id of its query: given or made. An expression may give several series. */
  id: string;
  label: string;
  /** `#rrggbb`; absent if the page chooses. */
  colour?: string;
  axis: 'left' | 'right';
  /** Hidden series are read for expressions only. */
  isVisible: boolean;
  /** Why it has no query. */
  problem?: string;
}

/** One call of GetMetricData: the queries of one account and region. */
export interface MetricRequest {
  accountId?: string;
  region: string;
  queries: GivenQuery[];
}

/** The data of a metric widget. */
export interface MetricData {
  span: TimeSpan;
  series: DrawnSeries[];
  requests: MetricRequest[];
}

/** What surrounds the widget. `now` is in milliseconds. */
export interface Page {
  span: TimeSpan;
  /** A number is the period of all metrics, in seconds. */
  periodOverride: 'auto' | 'inherit' | number;
  /** For widgets that show alarms only, and so may lack a region. */
  region: string;
  now: number;
}

interface Entry {
  id: string;
  row: Row;
  period: number;
  stat: string;
  place: Pick<MetricRequest, 'accountId' | 'region'>;
  problem?: string | undefined;
}

/** `properties` have passed the check of the body. */
export function metricData(properties: Members, page: Page): MetricData {
  const given = properties as Renderer & { start?: string; end?: string; setPeriodToTimeRange?: boolean };
  const span = given.start === undefined ? page.span : spanOf(given, page.now);
  const rows = expandRows((properties.metrics ?? []) as unknown[][]);
  const ids = idsOf(rows);
  const entries = rows.map((row, index): Entry => {
    const { renderer } = row;
    const own = renderer.period ?? given.period ?? DEFAULT_PERIOD;
    const accountId = renderer.accountId ?? given.accountId;
    return {
      ...{ id: ids[index]!, row, stat: renderer.stat ?? given.stat ?? 'Average' },
      period: given.setPeriodToTimeRange
        ? wholeRange(span)
        : periodFor(own, page.periodOverride, span, page.now),
      place: { region: renderer.region ?? given.region ?? page.region, ...(accountId && { accountId }) },
    };
  });
  findProblems(entries);
  return { span, series: seriesOf(entries), requests: requestsOf(entries) };
}

/** Given ids stay; metrics without one get `m1`, `m2`…, expressions `e1`, `e2`…. */
function idsOf(rows: readonly Row[]): string[] {
  const taken = new Set(rows.flatMap(({ renderer }) => renderer.id ?? []));
  return rows.map(({ renderer }, index) => {
    if (renderer.id !== undefined) return renderer.id;
    const letter = renderer.expression === undefined ? 'm' : 'e';
    let number = index + 1;
    while (taken.has(`${letter}${number}`)) number += rows.length;
    taken.add(`${letter}${number}`);
    return `${letter}${number}`;
  });
}

/** GetMetricData has the same limit. */
const MOST_PASSES = 20;
const UNSETTLED = 'It refers to itself, or to too many expressions that refer to each other';

/** One wrong query would make GetMetricData refuse all, so each is found here. */
function findProblems(entries: readonly Entry[]): void {
  const byId = new Map<string, Entry>();
  const pending = new Map<Entry, string[]>();
  for (const entry of entries) {
    if (byId.has(entry.id)) entry.problem = `The id ${entry.id} is used twice`;
    else {
      byId.set(entry.id, entry);
      entry.problem = rowProblem(entry.row, (ids) => pending.set(entry, ids));
    }
  }
  // An expression is settled once all that it refers to is. A problem passes on to what refers to it.
  for (let pass = 0; pass < MOST_PASSES && pending.size > 0; pass++) {
    for (const [entry, ids] of pending) {
      entry.problem = ids.map((id) => referenceProblem(entry, id, byId.get(id))).find(Boolean);
      if (entry.problem !== undefined || !ids.some((id) => pending.has(byId.get(id)!))) pending.delete(entry);
    }
  }
  for (const entry of pending.keys()) entry.problem = UNSETTLED;
}

function rowProblem({ items, renderer }: Row, found: (references: string[]) => void): string | undefined {
  if (renderer.expression !== undefined)
    return items.length > 0 ? 'An expression takes no metric' : expressionProblem(renderer.expression, found);
  if (items.length < 2) return 'A metric takes a namespace and a name';
  return items.length % 2 === 1 ? `The dimension ${items.at(-1)} has no value` : undefined;
}

function expressionProblem(text: string, found: (references: string[]) => void): string | undefined {
  try {
    const { ids, functions } = referencesOf(parseExpression(text));
    for (const name of functions) functionNamed(name);
    found(ids);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionProblem) return error.message;
    throw error;
  }
}

function referenceProblem(entry: Entry, id: string, other: Entry | undefined): string | undefined {
  if (!other) return `There is no metric with the id ${id}`;
  if (other.problem !== undefined) return `It refers to ${id}: ${other.problem}`;
  if (placeKey(other) !== placeKey(entry))
    return `Millpond evaluates expressions within one account and region, and ${id} is of another`;
  return undefined;
}

const placeKey = ({ place }: Entry): string => `${place.accountId ?? ''} ${place.region}`;

function seriesOf(entries: readonly Entry[]): DrawnSeries[] {
  const metrics = entries.filter(({ row, problem }) => row.items.length > 0 && problem === undefined);
  const labels = new Map(defaultLabels(metrics.map(namedOf)).map((label, index) => [metrics[index]!, label]));
  return entries.map((entry) => {
    const { id, row, problem } = entry;
    const { label, color, yAxis = 'left', visible = true, expression } = row.renderer;
    return {
      ...{ id, axis: yAxis, isVisible: visible },
      label: label ?? labels.get(entry) ?? expression ?? row.items.join(' '),
      ...(color !== undefined && { colour: color }),
      ...(problem !== undefined && { problem }),
    };
  });
}

function namedOf({ row: { items }, stat, period }: Entry): Named {
  const [namespace, name, ...rest] = items as [string, string, ...string[]];
  const dimensions: [string, string][] = [];
  for (let index = 0; index < rest.length; index += 2) dimensions.push([rest[index]!, rest[index + 1]!]);
  return { ...{ namespace, name, dimensions, stat, period } };
}

function requestsOf(entries: readonly Entry[]): MetricRequest[] {
  const readable = entries.filter(({ problem }) => problem === undefined);
  return [...Map.groupBy(readable, placeKey).values()].map((own) => ({
    ...own[0]!.place,
    queries: own.map(queryOf),
  }));
}

function queryOf(entry: Entry): GivenQuery {
  const { id, row, period, stat } = entry;
  const { expression, label, unit, visible = true } = row.renderer;
  const base = { Id: id, ReturnData: visible, ...(label !== undefined && { Label: label }) };
  if (expression !== undefined) return { ...base, Expression: expression, Period: period };
  const { namespace, name, dimensions } = namedOf(entry);
  return {
    ...base,
    MetricStat: {
      Metric: {
        ...{ Namespace: namespace, MetricName: name },
        Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
      },
      ...{ Period: period, Stat: stat },
      ...(unit !== undefined && { Unit: unit }),
    },
  };
}
