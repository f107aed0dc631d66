// The structure of a dashboard's body. Pure.
//
// AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

import {
  anything,
  type Check,
  flag,
  integer,
  isObject,
  list,
  type Members,
  number,
  object,
  oneOf,
  Report,
  text,
  textThat,
} from './checks.ts';
import { checkRow, colour, period, statistic, yAxis } from './metric-row.ts';
import { isTime } from './time-span.ts';

/** Millpond's own limit, in characters. AWS publishes none. */
const LONGEST = 1_048_576;
const MOST_WIDGETS = 500;
const MOST_METRICS = 500;

const time = textThat(isTime, 'a time, or a duration before now such as -PT3H');
const states = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];
const unexpected = (name: string): string =>
  `The "${name}" property is not expected to be part of a widget definition, will be ignored`;

const drawn = { color: colour, label: text, visible: flag };
const horizontal = object(
  { ...drawn, value: number, fill: oneOf('above', 'below', 'none'), yAxis },
  { required: ['value'] },
);
const vertical = object(
  { ...drawn, value: time, fill: oneOf('before', 'after', 'between', 'none') },
  { required: ['value'] },
);
/** AWS: a list of two is a band. */
const orBand =
  (annotation: Check): Check =>
  (value, path, report) =>
    Array.isArray(value) ? list(annotation, 2, 2)(value, path, report) : annotation(value, path, report);

const annotations = object({
  alarms: list(text, 1, 100),
  horizontal: list(orBand(horizontal)),
  vertical: list(orBand(vertical)),
});
const axis = object({ label: text, min: number, max: number, showUnits: flag });

const METRIC: Record<string, Check> = {
  ...{ accountId: text, annotations, end: time, labels: anything, liveData: flag },
  legend: object({ position: oneOf('bottom', 'right', 'hidden') }),
  metrics: list(checkRow, 1, MOST_METRICS),
  ...{ period, region: text, setPeriodToTimeRange: flag, singleValueFullPrecision: flag, sparkline: flag },
  ...{
    stacked: flag,
    start: time,
    stat: statistic,
    table: anything,
    timezone: text,
    title: text,
    trend: flag,
  },
  view: oneOf('timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'),
  yAxis: object({ left: axis, right: axis }),
};

/** The checks of `properties`, by the type of the widget. Those of unlisted members are not known: anything. */
const PROPERTIES: Record<string, Check> = {
  alarm: object(
    {
      alarms: list(text, 1, 100),
      sortBy: oneOf('default', 'stateUpdatedTimestamp', 'timestamp'),
      states: list(oneOf(...states)),
      title: text,
    },
    { required: ['alarms'], unexpected },
  ),
  chart: object({}),
  custom: object(
    { endpoint: text, params: anything, title: text, updateOn: anything },
    { required: ['endpoint'], unexpected },
  ),
  explorer: object({}),
  log: object(
    {
      ...{
        accountId: text,
        end: time,
        legend: anything,
        query: text,
        queryLanguage: text,
        queryBy: anything,
      },
      ...{ region: text, stacked: flag, start: time, table: anything, timezone: text, title: text },
      ...{ view: oneOf('table', 'timeSeries', 'bar', 'pie'), yAxis: anything },
    },
    { required: ['query', 'region'], unexpected },
  ),
  metric: metricWidget,
  text: object(
    { background: oneOf('solid', 'transparent'), markdown: text },
    { required: ['markdown'], unexpected },
  ),
};

/** AWS: reports a missing source of data three times, and a missing region twice. */
function metricWidget(value: unknown, path: string, report: Report): void {
  if (!isObject(value)) {
    report.error(path, 'Should be object');
    return;
  }
  const hasAlarms = isObject(value.annotations) && value.annotations.alarms !== undefined;
  const hasSource = value.metrics !== undefined || hasAlarms;
  const incomplete = () =>
    report.error(
      path,
      'The metric widget should have specified a region and a data source or an alarm annotation',
    );
  if (!hasSource) {
    report.error(path, "Should have required property 'metrics'");
    incomplete();
    if (value.annotations === undefined) report.error(path, "Should have required property 'annotations'");
  } else if (value.region === undefined && !hasAlarms) {
    report.error(path, "Should have required property 'region'");
    incomplete();
  }
  object(METRIC, { unexpected })(value, path, report);
}

function checkWidget(value: unknown, path: string, report: Report): void {
  object(
    {
      type: oneOf(...Object.keys(PROPERTIES)),
      ...{ x: integer(0, 23), y: integer(0), width: integer(1, 24), height: integer(1, 1_000) },
      properties: anything,
    },
    { required: ['type', 'properties'], unexpected },
  )(value, path, report);
  if (!isObject(value) || value.properties === undefined) return;
  const type = String(value.type);
  if (Object.hasOwn(PROPERTIES, type)) PROPERTIES[type]!(value.properties, `${path}/properties`, report);
}

/** The members of a body, but for its widgets. */
const checkMember = object(
  {
    ...{ start: time, end: time, periodOverride: oneOf('auto', 'inherit') },
    variables: list(object({ id: text, inputType: text, label: text, property: text, type: text })),
  },
  { unexpected: (name) => `The "${name}" property is not expected, will be ignored` },
);

function* checkWidgets(value: unknown, report: Report): Generator<void, void> {
  list(anything, 0, MOST_WIDGETS)(value, '/widgets', report);
  if (!Array.isArray(value)) return;
  for (const [place, widget] of value.slice(0, MOST_WIDGETS).entries()) {
    checkWidget(widget, `/widgets/${place}`, report);
    yield;
  }
}

/** A widget that has passed the check. */
export interface Widget {
  type: string;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  properties: Members;
}

/** A body that has passed the check. */
export interface DashboardBody {
  start?: string;
  end?: string;
  periodOverride?: 'auto' | 'inherit';
  variables?: Members[];
  widgets: Widget[];
}

/** A body that has no errors, and the deviations from the structure. */
export interface ReadBody {
  body?: DashboardBody;
  report: Report;
}

/** In steps of one widget each, for `inSlices`: a body may have a megabyte. */
export function* readBody(json: string): Generator<void, ReadBody> {
  const report = new Report();
  if (json.length > LONGEST) {
    report.error('', `Should NOT be longer than ${LONGEST} characters`);
    return { report };
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (!isObject(value)) {
    report.error('', NO_OBJECT);
    return { report };
  }
  yield;
  object({}, { required: ['widgets'] })(value, '', report);
  for (const [name, member] of Object.entries(value)) {
    if (name === 'widgets') yield* checkWidgets(member, report);
    else checkMember({ [name]: member }, '', report);
  }
  return report.errors.length > 0 ? { report } : { body: value as unknown as DashboardBody, report };
}

/** AWS's text for a body that is not a JSON object. */
export const NO_OBJECT = 'The field DashboardBody must be a valid JSON object';
