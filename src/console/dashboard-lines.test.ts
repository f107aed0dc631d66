// The data of a dashboard, from services that answer as the test says: which calls are made, and what becomes of what
// they answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingLog } from '../../test/support/wire.ts';
import { Fault } from '../wire/fault.ts';
import type { ChartContent, Content, DataLine, WidgetLine } from './contract.ts';
import { type Asked, dashboardLines } from './dashboard-lines.ts';
import { createSharedAnswers } from './shared-answers.ts';
import type { Sources } from './sources.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const MINUTE = 60_000;
const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

// biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's syntax.
const LAST_IN_LABEL = 'first ${LAST}';

type Answers = Record<string, (input: never, scope: typeof SCOPE) => unknown>;

/** A page whose services answer by operation; an unlisted operation fails the test. */
function pageOf(body: object | string, answers: Answers) {
  const calls: { operation: string; input: never; scope: typeof SCOPE }[] = [];
  const clock = { time: NOW, now: () => clock.time };
  const call = async (operation: string, input: never, scope: typeof SCOPE) => {
    calls.push({ operation, input, scope });
    const DashboardBody = typeof body === 'string' ? body : JSON.stringify(body);
    if (operation === 'GetDashboard') return { DashboardBody };
    return await answers[operation]!(input, scope);
  };
  const client = { call } as never;
  const sources: Sources = { monitoring: client, logs: client, clock };
  const { log, errors } = recordingLog();
  const shared = createSharedAnswers({ mostCharacters: 1e6, mostAtOnce: 4 }, () => clock.time);
  return {
    ...{ calls, clock, errors },
    count: (operation: string) => calls.filter((one) => one.operation === operation).length,
    async read(asked: Partial<Asked> = {}, signal = new AbortController().signal) {
      const lines: DataLine[] = [];
      const write = async (line: string) => void lines.push(JSON.parse(line) as DataLine);
      await dashboardLines(
        { sources, answers: shared, log },
        { name: 'd', scope: SCOPE, ...asked },
        write,
        signal,
      );
      const contents: Content[] = [];
      for (const line of lines) if ('widget' in line) contents[(line as WidgetLine).widget] = line.content;
      return { lines, contents };
    },
  };
}

const metric = (metrics: unknown[], properties: object = {}) => ({
  type: 'metric',
  properties: { region: 'us-east-1', period: 60, metrics, ...properties },
});

interface Query {
  Id: string;
  Expression?: string;
}
interface MetricInput {
  MetricDataQueries: Query[];
  StartTime: Date;
  EndTime: Date;
}

const valuesAt = (id: string, ...minutesAgo: number[]) => ({
  ...{ Id: id, Label: id },
  Timestamps: minutesAgo.map((ago) => new Date(NOW - ago * MINUTE)),
  Values: minutesAgo.map((ago) => 100 - ago),
});

test('the head comes first, the end last, and each widget once', async () => {
  const text = { type: 'text', properties: { markdown: '# x' } };
  const { lines } = await pageOf({ widgets: [text, { type: 'explorer', properties: {} }] }, {}).read();
  assert.ok('head' in lines[0]! && lines[0].widgets.length === 2);
  assert.deepEqual(lines.slice(1), [
    { widget: 0, content: { kind: 'text', markdown: '# x', isTransparent: false } },
    {
      widget: 1,
      content: {
        ...{ kind: 'undrawn', because: 'unsupported' },
        reason: 'Millpond does not draw widgets of the type explorer.',
      },
    },
    { end: true },
  ]);
});

test('a body that does not fit is told in notes', async () => {
  const { lines } = await pageOf('{"widgets":[{"type":"<b>"}]}', {}).read();
  assert.ok('head' in lines[0]! && lines[0].notes.length > 0);
  assert.deepEqual(lines.slice(1), [{ end: true }]);
});

test('series have their labels, hidden ones are left out, and a metric without values stays', async () => {
  const page = pageOf(
    {
      widgets: [
        metric([
          ['N', 'm', { id: 'a', label: LAST_IN_LABEL, color: '#f00' }],
          ['N', 'n', { id: 'b', visible: false }],
          ['N', 'o', { id: 'c', yAxis: 'right' }],
        ]),
      ],
    },
    { GetMetricData: () => ({ MetricDataResults: [valuesAt('a', 2, 1)] }) },
  );
  const [chart] = (await page.read()).contents as [ChartContent];
  const at = NOW / 1000;
  assert.deepEqual(chart.series, [
    { label: 'first 99', colour: '#f00', axis: 'left', times: [at - 120, at - 60], values: [98, 99] },
    { label: 'o', axis: 'right', times: [], values: [] },
  ]);
});

test('a moving range begins at a multiple of the period, and the unfinished period is shown unless told not to', async () => {
  const asked: MetricInput[] = [];
  const answers: Answers = {
    GetMetricData: (input: MetricInput) => {
      asked.push(input);
      return { MetricDataResults: [valuesAt('m1', 2, 1, 0)] };
    },
  };
  const widgets = [metric([['N', 'm']]), metric([['N', 'm']], { liveData: false })];
  const page = pageOf({ start: '-PT1H', widgets }, answers);
  page.clock.time += 30_000;
  const [live, settled] = (await page.read()).contents as ChartContent[];
  assert.equal(asked[0]!.StartTime.getTime(), NOW - 60 * MINUTE);
  assert.equal(live!.series[0]!.values.length, 3);
  assert.deepEqual(settled!.series[0]!.values, [98, 99]);
});

test('a refused expression is told, and the metrics are drawn without it', async () => {
  const page = pageOf(
    { widgets: [metric([['N', 'm'], [{ expression: 'm1 / 0', label: 'wrong' }]])] },
    {
      GetMetricData: ({ MetricDataQueries }: MetricInput) => {
        if (MetricDataQueries.some(({ Expression }) => Expression))
          throw new Fault('ValidationError', 'Refused');
        return { MetricDataResults: [valuesAt('m1', 1)] };
      },
    },
  );
  const [chart] = (await page.read()).contents as [ChartContent];
  assert.deepEqual(chart.problems, ['Refused']);
  assert.deepEqual(
    chart.series.map(({ label, values }) => [label, values]),
    [
      ['m', [99]],
      ['wrong', []],
    ],
  );
});

test('a service that fails is told in its widget only, and so is a bug, which is logged', async () => {
  const widgets = [metric([['N', 'm']]), { type: 'text', properties: { markdown: 'x' } }];
  const failing = pageOf(
    { widgets },
    {
      GetMetricData: () => {
        throw new Fault('InternalServiceFault', 'Broken');
      },
    },
  );
  const [chart, text] = (await failing.read()).contents;
  assert.deepEqual((chart as ChartContent).problems, ['Broken']);
  assert.equal(text!.kind, 'text');
  const bug = pageOf(
    { widgets },
    {
      GetMetricData: () => {
        throw new TypeError('a bug');
      },
    },
  );
  const { contents } = await bug.read();
  assert.deepEqual(
    contents.map(({ kind }) => kind),
    ['undrawn', 'text'],
  );
  assert.equal(bug.errors.length, 1);
  assert.ok(!JSON.stringify(contents).includes('a bug'));
});

test('pages share what is being read, keep it for a moment, and ask again after that', async () => {
  const answered = Promise.withResolvers<unknown>();
  const page = pageOf(
    { start: '-PT1H', widgets: [metric([['N', 'm']]), metric([['N', 'm']], { title: 'same' })] },
    {
      GetMetricData: () => answered.promise,
    },
  );
  const both = [page.read(), page.read()];
  answered.resolve({ MetricDataResults: [valuesAt('m1', 1)] });
  for (const { contents } of await Promise.all(both)) assert.equal(contents.length, 2);
  assert.equal(page.count('GetMetricData'), 1);
  page.clock.time += 4_000;
  await page.read();
  assert.equal(page.count('GetMetricData'), 1);
  await page.read({ start: '-PT3H' });
  await page.read({ period: 300 });
  await page.read({ scope: { ...SCOPE, accountId: '111111111111' } });
  assert.equal(page.count('GetMetricData'), 4);
  page.clock.time += 2_000;
  await page.read();
  assert.equal(page.count('GetMetricData'), 5);
});

test('few queries run at the same time, and none begins for a page that is gone', async () => {
  let running = 0;
  let most = 0;
  const widgets = Array.from({ length: 40 }, (_, index) => metric([['N', `m${index}`]]));
  const gone = new AbortController();
  const page = pageOf(
    { widgets },
    {
      GetMetricData: async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
        if (page.count('GetMetricData') === 12) gone.abort();
        return { MetricDataResults: [] };
      },
    },
  );
  await page.read({}, gone.signal);
  assert.equal(most, 4);
  assert.ok(page.count('GetMetricData') < 30, String(page.count('GetMetricData')));
});

const log = (query: string, properties: object = {}) => ({
  type: 'log',
  properties: { region: 'eu-west-1', query, ...properties },
});

test('a query of logs is asked until it has ended', async () => {
  const states = ['Scheduled', 'Running', 'Complete'];
  const page = pageOf(
    { start: '-PT1H', widgets: [log("SOURCE '/g' | fields a")] },
    {
      StartQuery: () => ({ queryId: 'q' }),
      GetQueryResults: () => ({
        status: states.shift(),
        results: [
          [
            { field: 'a', value: '1' },
            { field: '@ptr', value: 'p' },
          ],
        ],
        statistics: { recordsMatched: 1, recordsScanned: 5 },
      }),
    },
  );
  const { contents } = await page.read();
  assert.deepEqual(contents, [
    {
      ...{ kind: 'table', columns: ['a'], rows: [['1']], isCut: false },
      ...{ recordsMatched: 1, recordsScanned: 5, problems: [] },
    },
  ]);
  const [start] = page.calls.filter(({ operation }) => operation === 'StartQuery');
  assert.deepEqual(start!.input, {
    ...{ logGroupIdentifiers: ['/g'], queryString: 'fields a' },
    ...{ startTime: (NOW - 60 * MINUTE) / 1000, endTime: NOW / 1000 },
  });
  assert.equal(start!.scope.region, 'eu-west-1');
});

test('a query that is refused, fails, or does not suit its view says so', async () => {
  const widgets = [log('refused'), log('failing'), log('stats count(*) by level', { view: 'timeSeries' })];
  const page = pageOf(
    { widgets },
    {
      StartQuery: ({ queryString }: { queryString: string }) => {
        if (queryString === 'refused') throw new Fault('MalformedQueryException', 'unexpected symbol');
        return { queryId: queryString };
      },
      GetQueryResults: ({ queryId }: { queryId: string }) =>
        queryId === 'failing'
          ? { status: 'Failed' }
          : {
              status: 'Complete',
              results: [
                [
                  { field: 'level', value: 'INFO' },
                  { field: 'count(*)', value: '3' },
                ],
              ],
            },
    },
  );
  const { contents } = await page.read();
  const failed = { kind: 'undrawn', because: 'failed' };
  assert.deepEqual(contents.slice(0, 2), [
    { ...failed, reason: 'unexpected symbol' },
    { ...failed, reason: 'The query failed.' },
  ]);
  assert.equal(contents[2]!.kind, 'table');
  assert.match(JSON.stringify(contents[2]), /grouped by time/);
});

test('alarms are those of their ARNs, by severity, and an unknown one is told', async () => {
  const arn = (name: string, region = 'us-east-1') =>
    `arn:aws:cloudwatch:${region}:000000000000:alarm:${name}`;
  const alarms = [arn('fine'), arn('gone'), arn('far', 'eu-west-1'), 'nonsense'];
  const page = pageOf(
    { widgets: [{ type: 'alarm', properties: { alarms } }] },
    {
      DescribeAlarms: ({ AlarmNames }: { AlarmNames: string[] }) => ({
        MetricAlarms: AlarmNames.filter((name) => name !== 'gone').map((AlarmName) => ({
          ...{ AlarmName, StateValue: AlarmName === 'far' ? 'ALARM' : 'OK', StateReason: 'why' },
          ...{ MetricName: 'm', Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', Period: 60 },
          StateUpdatedTimestamp: new Date(NOW),
        })),
      }),
    },
  );
  const [content] = (await page.read()).contents;
  assert.ok(content?.kind === 'alarms');
  assert.deepEqual(
    content.alarms.map(({ name, region, state, condition }) => [name, region, state, condition]),
    [
      ['far', 'eu-west-1', 'ALARM', 'm > 1, 1 of 1 values of 60 s'],
      ['fine', '', 'OK', 'm > 1, 1 of 1 values of 60 s'],
      ['gone', '', 'MISSING', ''],
    ],
  );
  assert.deepEqual(content.problems, ['nonsense is not the ARN of an alarm.']);
});

test('a graph of an alarm has its metric and its threshold', async () => {
  const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a';
  const page = pageOf(
    { widgets: [{ type: 'metric', properties: { annotations: { alarms: [arn] } } }] },
    {
      DescribeAlarms: () => ({
        MetricAlarms: [
          {
            ...{
              AlarmName: 'a',
              StateValue: 'OK',
              Namespace: 'N',
              MetricName: 'm',
              Dimensions: [],
              Period: 60,
            },
            ...{
              Statistic: 'Sum',
              Threshold: 5,
              ComparisonOperator: 'LessThanThreshold',
              EvaluationPeriods: 3,
            },
          },
        ],
      }),
      GetMetricData: () => ({ MetricDataResults: [valuesAt('m1', 1)] }),
    },
  );
  const [chart] = (await page.read()).contents as [ChartContent];
  assert.deepEqual(
    chart.series.map(({ values }) => values),
    [[99]],
  );
  assert.deepEqual(chart.horizontal, [
    { from: 5, label: 'm < 5, 3 of 3 values of 60 s', colour: '#d13212', axis: 'left' },
  ]);
  assert.deepEqual(
    chart.alarmStates.map(({ name, state }) => [name, state]),
    [['a', 'OK']],
  );
});
