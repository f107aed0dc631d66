// What is drawn of a body: the kinds of widgets, their places, series, labels and queries.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce } from '../../../../test/support/steps.ts';
import { type DrawnWidget, drawingOf as drawingSteps } from './drawing.ts';
import { defaultLabels } from './labels.ts';
import { logQuery } from './log-query.ts';
import { placesOf } from './places.ts';

const drawingOf = (...given: Parameters<typeof drawingSteps>) => atOnce(drawingSteps(...given));
const NOW = Date.UTC(2026, 10, 30, 12);
const HOUR = 3_600_000;

test('places: given, next to the one before, and below when the row is full', () => {
  const places = placesOf([{}, { width: 12 }, {}, { width: 12, height: 2 }, { x: 3, y: 20 }, {}]);
  assert.deepEqual(
    places.map(({ x, y, width, height }) => [x, y, width, height]),
    [
      [0, 0, 6, 6],
      [6, 0, 12, 6],
      [18, 0, 6, 6],
      [0, 6, 12, 2],
      [3, 20, 6, 6],
      [9, 20, 6, 6],
    ],
  );
});

test('a metric is labelled by what distinguishes it', () => {
  const one = {
    namespace: 'N',
    name: 'm',
    dimensions: [['Host', 'a']] as [string, string][],
    stat: 'Sum',
    period: 60,
  };
  const cases: [metrics: (typeof one)[], labels: string[]][] = [
    [[one], ['m']],
    [
      [one, one],
      ['m', 'm'],
    ],
    [
      [one, { ...one, dimensions: [['Host', 'b']] }],
      ['a', 'b'],
    ],
    [
      [one, { ...one, name: 'n' }],
      ['m', 'n'],
    ],
    [
      [one, { ...one, stat: 'p99' }],
      ['Sum', 'p99'],
    ],
    [
      [one, { ...one, dimensions: [['Host', 'b']], name: 'n' }],
      ['a m', 'b n'],
    ],
    [
      [one, { ...one, dimensions: [] }],
      ['a', 'm'],
    ],
  ];
  for (const [metrics, labels] of cases) assert.deepEqual(defaultLabels(metrics), labels);
});

test('log groups are in front of the query', () => {
  assert.deepEqual(logQuery('SOURCE \'/aws/lambda/f\' | SOURCE "b" | fields @message\n| limit 5'), {
    groups: ['/aws/lambda/f', 'b'],
    query: 'fields @message\n| limit 5',
  });
  assert.deepEqual(logQuery('fields @message'), { groups: [], query: 'fields @message' });
  assert.equal(logQuery("SOURCE logGroups(namePrefix: ['a']) | limit 1").groups.length, 0);
});

type Metrics = Extract<DrawnWidget, { kind: 'metrics' }>;

function draw(body: object): DrawnWidget[] {
  const drawing = drawingOf(JSON.stringify(body), 'us-east-1', NOW);
  assert.ok('widgets' in drawing, JSON.stringify(drawing));
  return drawing.widgets;
}

const drawMetrics = (metrics: unknown[], properties: object = {}, body: object = {}): Metrics =>
  draw({
    ...body,
    widgets: [{ type: 'metric', properties: { region: 'eu-west-1', metrics, ...properties } }],
  })[0] as Metrics;

test('a graph of metrics and an expression', () => {
  const { series, requests, span, ...rest } = drawMetrics(
    [
      ['AWS/ElastiCache', 'CurrConnections', 'CacheClusterId', 'demo-0001-001', { color: '#1f77b4' }],
      ['...', 'demo-0002-001', { stat: 'Maximum', period: 60, visible: false, id: 'second' }],
      [{ expression: 'SUM(METRICS())', label: 'all', yAxis: 'right' }],
    ],
    {
      period: 30,
      stat: 'Sum',
      title: 'Connections',
      stacked: true,
      yAxis: { left: { min: 0 } },
      legend: { position: 'right' },
    },
    { start: '-PT1H' },
  );
  assert.deepEqual(span, { start: NOW - HOUR, end: NOW, isLive: true });
  assert.deepEqual(series, [
    { id: 'm1', axis: 'left', isVisible: true, label: 'demo-0001-001 Sum 30s', colour: '#1f77b4' },
    { id: 'second', axis: 'left', isVisible: false, label: 'demo-0002-001 Maximum 60s' },
    { id: 'e3', axis: 'right', isVisible: true, label: 'all' },
  ]);
  const metricOf = (Value: string) => ({
    ...{ Namespace: 'AWS/ElastiCache', MetricName: 'CurrConnections' },
    Dimensions: [{ Name: 'CacheClusterId', Value }],
  });
  assert.deepEqual(requests, [
    {
      region: 'eu-west-1',
      queries: [
        {
          Id: 'm1',
          ReturnData: true,
          MetricStat: { Metric: metricOf('demo-0001-001'), Period: 30, Stat: 'Sum' },
        },
        {
          Id: 'second',
          ReturnData: false,
          MetricStat: { Metric: metricOf('demo-0002-001'), Period: 60, Stat: 'Maximum' },
        },
        { Id: 'e3', ReturnData: true, Label: 'all', Expression: 'SUM(METRICS())', Period: 30 },
      ],
    },
  ]);
  assert.deepEqual(rest, {
    ...{ x: 0, y: 0, width: 6, height: 6, title: 'Connections' },
    ...{ kind: 'metrics', view: 'timeSeries', isStacked: true, legend: 'right' },
    ...{ hasSparkline: true, isLive: true },
    ...{ axes: { left: { min: 0 }, right: {} }, horizontal: [], vertical: [], alarms: [] },
  });
});

test('one wrong row leaves the others, and passes on to the expressions that refer to it', () => {
  const problems = (...metrics: unknown[]) => {
    const { series, requests } = drawMetrics(metrics);
    const queried = requests.flatMap(({ queries }) => queries.map(({ Id }) => Id));
    return { problems: series.map(({ problem }) => problem), queried };
  };
  assert.deepEqual(
    problems(
      ['N', 'm', { id: 'a' }],
      ['N', 'm', 'Host', { id: 'odd' }],
      [{ expression: "SEARCH('{N} m', 'Sum', 60)", id: 's' }],
      [{ expression: 'e * 2', id: 'f' }],
      [{ expression: 'a + s', id: 'e' }],
      [{ expression: 'FILL(a, REPEAT) + SORT(METRICS(), SUM, ASC, 1)', id: 'g' }],
      [{ expression: 'A + 1' }],
      [{ expression: 'y', id: 'x' }],
      [{ expression: 'x', id: 'y' }],
      ['N', 'm', { id: 'a' }],
      ['N', 'm', { id: 'far', region: 'us-east-1' }],
      [{ expression: 'far' }],
      [{ expression: '1 +' }],
      ['N'],
    ),
    {
      problems: [
        undefined,
        'The dimension Host has no value',
        'Millpond does not evaluate SEARCH',
        'It refers to e: It refers to s: Millpond does not evaluate SEARCH',
        'It refers to s: Millpond does not evaluate SEARCH',
        undefined,
        'There is no metric with the id A',
        'It refers to itself, or to too many expressions that refer to each other',
        'It refers to itself, or to too many expressions that refer to each other',
        'The id a is used twice',
        undefined,
        'Millpond evaluates expressions within one account and region, and far is of another',
        'Unexpected end of expression',
        'A metric takes a namespace and a name',
      ],
      queried: ['a', 'g', 'far'],
    },
  );
});

test('requests are made for each account and region, and a whole range is one period', () => {
  const { requests } = drawMetrics(
    [
      ['N', 'm'],
      ['N', 'm', { region: 'us-east-1' }],
      ['N', 'm', { accountId: '111111111111' }],
      ['...', { id: 'm1' }],
    ],
    { setPeriodToTimeRange: true },
    { start: '-PT1H' },
  );
  assert.deepEqual(
    requests.map(({ accountId, region, queries }) => [accountId, region, queries.map(({ Id }) => Id)]),
    [
      // The first has another id than the one that is given.
      [undefined, 'eu-west-1', ['m5', 'm1']],
      [undefined, 'us-east-1', ['m2']],
      ['111111111111', 'eu-west-1', ['m3']],
    ],
  );
  assert.equal(requests[0]!.queries[0]!.MetricStat!.Period, 3_600);
});

test('annotations are lines and bands', () => {
  const { horizontal, vertical } = drawMetrics([['N', 'm']], {
    annotations: {
      horizontal: [
        { value: 80, color: '#f00', fill: 'above' },
        [{ value: 1, label: 'low' }, { value: 2 }],
        { value: 3, visible: false },
      ],
      vertical: [{ value: '2026-11-30T11:00:00Z', label: 'deployed' }],
    },
  });
  assert.deepEqual(horizontal, [
    { from: 80, colour: '#f00', fill: 'above', axis: 'left' },
    { from: 1, to: 2, label: 'low', axis: 'left' },
  ]);
  assert.deepEqual(vertical, [{ from: NOW - HOUR, label: 'deployed', axis: 'left' }]);
});

test('other widgets', () => {
  const alarms = ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:a'];
  const place = { x: 0, y: 0, width: 24, height: 2 };
  const drawn = draw({
    widgets: [
      { type: 'text', ...place, properties: { markdown: '# x', background: 'transparent' } },
      {
        type: 'log',
        ...place,
        properties: { query: "SOURCE 'g' | limit 1", region: 'eu-west-1', title: 'Log' },
      },
      { type: 'alarm', ...place, properties: { alarms, states: ['ALARM'] } },
      { type: 'metric', ...place, properties: { annotations: { alarms } } },
      { type: 'explorer', ...place, properties: {} },
    ],
  });
  const span = { start: NOW - 3 * HOUR, end: NOW, isLive: true };
  const decoration = { axes: { left: {}, right: {} }, legend: 'bottom', hasSparkline: true, isLive: true };
  assert.deepEqual(drawn, [
    { ...place, title: '', kind: 'text', markdown: '# x', isTransparent: true },
    {
      ...{ ...place, title: 'Log', kind: 'log', region: 'eu-west-1', view: 'table', isStacked: false, span },
      ...{ groups: ['g'], query: 'limit 1' },
    },
    { ...place, title: '', kind: 'alarms', alarms, sortBy: 'default', states: ['ALARM'] },
    {
      ...{
        ...place,
        title: '',
        kind: 'metrics',
        view: 'timeSeries',
        isStacked: false,
        span,
        series: [],
        requests: [],
      },
      ...{ ...decoration, horizontal: [], vertical: [], alarms },
    },
    { ...place, title: '', kind: 'undrawn', reason: 'Millpond does not draw widgets of the type explorer.' },
  ]);
});

test('the viewer chooses the range of the page and the period; a widget keeps its own range', () => {
  const metric = { type: 'metric', properties: { region: 'r', metrics: [['N', 'm']], liveData: false } };
  const own = { ...metric, properties: { ...metric.properties, start: '-PT5M' } };
  const body = JSON.stringify({ start: '-P1D', widgets: [metric, own] });
  const drawing = drawingOf(body, 'us-east-1', NOW, { start: '-PT1H', period: 10 });
  assert.ok('widgets' in drawing);
  assert.equal(drawing.span.start, NOW - HOUR);
  const widgets = drawing.widgets as Metrics[];
  assert.deepEqual(
    widgets.map(({ span, isLive }) => [span.start, isLive]),
    [
      [NOW - HOUR, false],
      [NOW - HOUR / 12, false],
    ],
  );
  for (const { requests } of widgets) assert.equal(requests[0]!.queries[0]!.MetricStat!.Period, 10);
});

test('a body that does not fit has errors, and variables are noted', () => {
  assert.ok('errors' in drawingOf('{"widgets":1}', 'us-east-1', NOW));
  const drawing = drawingOf('{"widgets":[],"variables":[{"type":"property"}]}', 'us-east-1', NOW);
  assert.ok('notes' in drawing && drawing.notes.length === 1);
});
