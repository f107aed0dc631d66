// A dashboard as it is drawn: its time range, and each widget with its place and contents. The page that draws it decides
// nothing about the body. Pure.

import { type DashboardBody, readBody, type Widget } from './body.ts';
import type { Deviation, Members } from './checks.ts';
import { logQuery } from './log-query.ts';
import { type MetricData, metricData, type Page } from './metric-widget.ts';
import { type Place, placesOf } from './places.ts';
import { momentOf, spanOf, type TimeSpan } from './time-span.ts';

/** A dashboard. */
export interface Drawing {
  span: TimeSpan;
  widgets: DrawnWidget[];
  /** What is not drawn as the body says, a sentence each. */
  notes: string[];
}

/** A widget with its place. */
export type DrawnWidget = Place & { title: string } & Contents;

/** What a widget contains. */
export type Contents =
  | { kind: 'text' /** Not sanitised. */; markdown: string; isTransparent: boolean }
  | ({ kind: 'metrics'; view: MetricView; isStacked: boolean } & MetricData & Decoration)
  | {
      kind: 'log';
      accountId?: string;
      region: string;
      view: string;
      isStacked: boolean;
      span: TimeSpan;
      groups: string[];
      query: string;
    }
  | { kind: 'alarms'; alarms: string[]; sortBy: string /** None for all. */; states: string[] }
  /** A widget that Millpond does not draw. */
  | { kind: 'undrawn'; reason: string };

/** AWS's views of metrics. */
export type MetricView = 'timeSeries' | 'singleValue' | 'gauge' | 'bar' | 'pie' | 'table';

/** What surrounds the data of a metric widget. */
export interface Decoration {
  axes: { left: Axis; right: Axis };
  legend: 'bottom' | 'right' | 'hidden';
  /** Lines and bands at values. */
  horizontal: Band[];
  /** Lines and bands at times, in milliseconds since the epoch. */
  vertical: Band[];
  /** ARNs of alarms whose thresholds and states are shown. */
  alarms: string[];
  hasSparkline: boolean;
  /** Whether the last value is shown before its period has ended. */
  isLive: boolean;
}

/** Limits of an axis; absent ones come from the data. */
export interface Axis {
  label?: string;
  min?: number;
  max?: number;
  showUnits?: boolean;
}

/** A line at `from`, or a band from `from` to `to`. */
export interface Band {
  from: number;
  to?: number;
  label?: string;
  colour?: string;
  fill?: string;
  axis: 'left' | 'right';
}

/** The body does not fit the structure. It may have been stored before its structure was checked. */
export interface Undrawable {
  errors: Deviation[];
}

/** What the viewer of a dashboard has chosen. */
export interface Choice {
  /** In place of the body's time range; widgets with one of their own keep it. As `isTime` accepts. */
  start?: string;
  end?: string;
  /** In seconds, for all metrics. */
  period?: number;
}

/**
 * In steps of one widget each, for `inSlices`. `region` is that of the page. `now` is in milliseconds since the epoch.
 */
export function* drawingOf(
  json: string,
  region: string,
  now: number,
  { start, end, period }: Choice = {},
): Generator<void, Drawing | Undrawable> {
  const { body, report } = yield* readBody(json);
  if (!body) return { errors: report.errors };
  const span = start === undefined ? spanOf(body, now) : spanOf({ start, ...(end && { end }) }, now);
  const page: Page = { span, region, now, periodOverride: period ?? body.periodOverride ?? 'auto' };
  const places = placesOf(body.widgets);
  const widgets: DrawnWidget[] = [];
  for (const [index, widget] of body.widgets.entries()) {
    const title = textOf(widget.properties.title);
    widgets.push({ ...places[index]!, title, ...contentsOf(widget, page) });
    yield;
  }
  return { span, widgets, notes: notesOf(body) };
}

const notesOf = ({ variables }: DashboardBody): string[] =>
  variables?.length ? ['Millpond shows no variables of dashboards; widgets have their default values.'] : [];

function contentsOf({ type, properties }: Widget, page: Page): Contents {
  switch (type) {
    case 'text':
      return {
        kind: 'text',
        markdown: textOf(properties.markdown),
        isTransparent: properties.background === 'transparent',
      };
    case 'metric':
      return {
        ...{ kind: 'metrics', view: (properties.view ?? 'timeSeries') as MetricView },
        isStacked: properties.stacked === true,
        ...metricData(properties, page),
        ...decorationOf(properties, page.now),
      };
    case 'log':
      return {
        ...{ kind: 'log', region: textOf(properties.region), view: textOf(properties.view ?? 'table') },
        ...(typeof properties.accountId === 'string' && { accountId: properties.accountId }),
        isStacked: properties.stacked === true,
        span: properties.start === undefined ? page.span : spanOf(properties, page.now),
        ...logQuery(textOf(properties.query)),
      };
    case 'alarm':
      return {
        ...{ kind: 'alarms', alarms: properties.alarms as string[] },
        sortBy: textOf(properties.sortBy ?? 'default'),
        states: (properties.states ?? []) as string[],
      };
    default:
      return { kind: 'undrawn', reason: `Millpond does not draw widgets of the type ${type}.` };
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Annotation {
  value: number | string;
  label?: string;
  color?: string;
  fill?: string;
  visible?: boolean;
  yAxis?: 'left' | 'right';
}

interface Decorated {
  yAxis?: { left?: Axis; right?: Axis };
  annotations?: {
    horizontal?: (Annotation | Annotation[])[];
    vertical?: (Annotation | Annotation[])[];
    alarms?: string[];
  };
  legend?: { position?: Decoration['legend'] };
  sparkline?: boolean;
  liveData?: boolean;
}

function decorationOf(properties: Members, now: number): Decoration {
  const { yAxis = {}, annotations = {}, legend = {}, sparkline, liveData } = properties as Decorated;
  return {
    axes: { left: yAxis.left ?? {}, right: yAxis.right ?? {} },
    legend: legend.position ?? 'bottom',
    horizontal: bandsOf(annotations.horizontal, Number),
    vertical: bandsOf(annotations.vertical, (time) => momentOf(String(time), now) ?? now),
    alarms: annotations.alarms ?? [],
    // AWS: numbers have one unless it is turned off.
    hasSparkline: sparkline !== false,
    // AWS: the default is a setting of the console. Millpond shows what there is.
    isLive: liveData !== false,
  };
}

function bandsOf(
  annotations: readonly (Annotation | Annotation[])[] = [],
  placeOf: (value: number | string) => number,
): Band[] {
  return annotations.flatMap((annotation) => {
    const [first, second] = Array.isArray(annotation) ? annotation : [annotation];
    if (!first || first.visible === false) return [];
    return [
      {
        from: placeOf(first.value),
        ...(second && { to: placeOf(second.value) }),
        ...(first.label !== undefined && { label: first.label }),
        ...(first.color !== undefined && { colour: first.color }),
        ...(first.fill !== undefined && { fill: first.fill }),
        axis: first.yAxis ?? 'left',
      },
    ];
  });
}
