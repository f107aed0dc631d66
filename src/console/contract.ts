// What the console's pages get from Millpond: plain data, of which the pages draw everything without deciding anything
// about queries. Times are seconds since the epoch. Types only, for both sides.

import type { Axis, Band, Decoration, MetricView } from '../services/cloudwatch/dashboards/drawing.ts';
import type { Place } from '../services/cloudwatch/dashboards/places.ts';
import type { TimeSpan } from '../services/cloudwatch/dashboards/time-span.ts';

export type { Axis, Band, MetricView, Place, TimeSpan };

/** The answer of `GET /_millpond/dashboards`. */
export interface DashboardList {
  region: string;
  dashboards: { name: string /** Milliseconds since the epoch. */; modifiedAt: number }[];
}

/** One line of `GET /_millpond/dashboards/NAME/data`: first the head, then each widget once it is known. */
export type DataLine = DashboardHead | WidgetLine | { end: true };

/** A dashboard without its data. */
export interface DashboardHead {
  head: true;
  name: string;
  region: string;
  span: TimeSpan;
  widgets: WidgetFrame[];
  notes: string[];
}

/** Where a widget is, and what it is called. */
export type WidgetFrame = Place & { title: string; kind: Content['kind'] | 'pending' };

/** The contents of the widget with this index. */
export interface WidgetLine {
  widget: number;
  content: Content;
}

/** What a widget shows. */
export type Content = TextContent | ChartContent | TableContent | AlarmsContent | UndrawnContent;

/** Markdown, not sanitised. */
export interface TextContent {
  kind: 'text';
  markdown: string;
  isTransparent: boolean;
}

/** Values over time; some views show one number of each series. */
export interface ChartContent extends Omit<Decoration, 'isLive'> {
  kind: 'chart';
  view: MetricView;
  isStacked: boolean;
  span: TimeSpan;
  series: Series[];
  /** Values that belong to no time, in place of `series`. */
  bars?: Bars;
  /** States of the alarms that the graph shows. */
  alarmStates: AlarmState[];
  /** Why something is missing, a sentence each. */
  problems: string[];
}

/** A line. */
export interface Series {
  label: string;
  /** `#rrggbb` or `#rgb`. */
  colour?: string;
  axis: 'left' | 'right';
  /** Ascending. */
  times: number[];
  values: number[];
}

/** Numbers by category: each group has one value a category. */
export interface Bars {
  categories: string[];
  groups: { label: string; values: (number | null)[] }[];
}

/** Rows of a query. */
export interface TableContent {
  kind: 'table';
  columns: string[];
  rows: (string | null)[][];
  /** Whether there are further rows. */
  isCut: boolean;
  recordsMatched: number;
  recordsScanned: number;
  problems: string[];
}

/** Alarms with their states. */
export interface AlarmsContent {
  kind: 'alarms';
  alarms: AlarmState[];
  problems: string[];
}

/** An alarm. */
export interface AlarmState {
  name: string;
  region: string;
  state: 'ALARM' | 'INSUFFICIENT_DATA' | 'OK' | 'MISSING';
  reason: string;
  /** The condition in words; empty for composites. */
  condition: string;
  /** Milliseconds since the epoch; 0 when there is no such alarm. */
  updatedAt: number;
}

/** A widget that is not drawn. */
export interface UndrawnContent {
  kind: 'undrawn';
  /** `failed`: a query was refused; `unsupported`: Millpond does not draw this kind. */
  because: 'failed' | 'unsupported';
  reason: string;
}
