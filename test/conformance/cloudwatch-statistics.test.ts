// CloudWatch's metrics, got with statistics and arithmetic: the SDK for JavaScript, the AWS CLI, boto3.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { at, NOON, serveCloudWatch } from '../support/metrics.ts';
import {
  AWS_CLI,
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let cloudwatch: Awaited<ReturnType<typeof serveCloudWatch>>;
let client: CloudWatch;

before(async () => {
  cloudwatch = await serveCloudWatch();
  client = cloudwatch.client;
});

after(() => cloudwatch?.stop());

const range = { StartTime: at(-HOUR), EndTime: at(HOUR) };

describe('GetMetricStatistics refuses', () => {
  type Get = Parameters<CloudWatch['getMetricStatistics']>[0];
  const good: Get = { Namespace: 'N', MetricName: 'm', ...range, Period: 60, Statistics: ['Sum'] };
  const cases: [name: string, input: object, code: string, message: string][] = [
    [
      'too many datapoints',
      { StartTime: at(-10 * DAY), EndTime: at(0) },
      'InvalidParameterCombinationException',
      'You have requested up to 14,400 datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    ],
    [
      'an end that is no later than the start',
      { EndTime: range.StartTime },
      'InvalidParameterValueException',
      'The parameter StartTime must be less than the parameter EndTime.',
    ],
    [
      'no statistic',
      { Statistics: [] },
      'InvalidParameterCombinationException',
      'Must specify either Statistics or ExtendedStatistics',
    ],
    [
      'a statistic that is none',
      { Statistics: ['Median'] },
      'InvalidParameterValueException',
      'The value Median for parameter Statistics.member.1 is not a valid statistic.',
    ],
    [
      'an extended statistic that is none',
      { Statistics: undefined, ExtendedStatistics: ['tm101'] },
      'InvalidParameterValueException',
      'The value tm101 for parameter ExtendedStatistics.member.1 is not a valid statistic.',
    ],
  ];
  for (const [name, input, code, message] of cases) {
    it(name, () =>
      assert.rejects(client.getMetricStatistics({ ...good, ...input }), { name: code, message }),
    );
  }
});

describe('GetMetricData', () => {
  const stat = (Id: string, more: object = {}) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Pages', MetricName: Id }, Period: 60, Stat: 'Sum', ...more },
  });

  it('pages over datapoints, and says which results go on', async () => {
    await client.putMetricData({
      Namespace: 'Pages',
      MetricData: ['a', 'b'].flatMap((MetricName) =>
        Array.from({ length: 5 }, (_, index) => ({
          MetricName,
          Value: index,
          Timestamp: at(-index * MINUTE),
        })),
      ),
    });
    const pages: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.getMetricData({
        ...{ ...range, MaxDatapoints: 3, NextToken, ScanBy: 'TimestampDescending' },
        MetricDataQueries: [stat('a'), stat('none'), stat('b')],
      });
      pages.push(
        page.MetricDataResults!.map(({ Id, StatusCode, Values }) => `${Id} ${StatusCode} ${Values}`),
      );
      NextToken = page.NextToken;
    } while (NextToken);
    assert.deepEqual(pages, [
      ['a PartialData 0,1,2', 'none Complete '],
      ['a Complete 3,4', 'b PartialData 0'],
      ['b PartialData 1,2,3'],
      ['b Complete 4'],
    ]);
  });

  const refused: [name: string, queries: object[], message: string | RegExp][] = [
    [
      'a statistic that is none',
      [stat('a', { Stat: 'None' })],
      'The value None for parameter MetricDataQueries.member.1.MetricStat.Stat is not a valid statistic.\n',
    ],
    [
      'all that is wrong at once',
      [stat('a', { Stat: 'x' }), stat('A'), { Id: 'b' }],
      /member\.1\.MetricStat\.Stat is not a valid statistic\.\nThe value A for parameter MetricDataQueries\.member\.2\.Id is not matching .*\nThe parameter MetricDataQueries\.member\.3\.MetricStat is required\.\n$/,
    ],
    [
      'an id twice',
      [stat('a'), stat('a')],
      'The values for parameter id in MetricDataQueries are not unique.\n',
    ],
    [
      'a period of both',
      [{ ...stat('a'), Period: 60 }],
      'The parameters MetricDataQueries.member.1.Period and MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified both.\n',
    ],
    [
      'SEARCH',
      [{ Id: 'e', Expression: "SEARCH('{AWS/EC2,InstanceId}', 'Average')" }],
      "Error in expression 'e': Millpond does not evaluate SEARCH\n",
    ],
    [
      'an id that is none',
      [{ Id: 'e', Expression: 'x + 1' }],
      "Error in expression 'e': There is no query with the id 'x'\n",
    ],
    [
      'a number',
      [{ Id: 'e', Expression: '1 + 1' }],
      "Error in expression 'e': The result is a number, not a time series\n",
    ],
    [
      'a circle',
      [
        { Id: 'e', Expression: 'f' },
        { Id: 'f', Expression: 'e' },
      ],
      /Circular reference to 'e'/,
    ],
    [
      'a long chain',
      Array.from({ length: 60 }, (_, index) => ({
        Id: `e${index}`,
        Expression: `${'1+'.repeat(190)}e${index + 1}`,
      })),
      /Too many expressions refer to each other/,
    ],
    ['too many', Array(501).fill(stat('a')), /must not have a size greater than 500/],
  ];
  for (const [name, MetricDataQueries, message] of refused) {
    it(`refuses ${name}`, () =>
      assert.rejects(client.getMetricData({ ...range, MetricDataQueries: MetricDataQueries as never }), {
        name: 'ValidationException',
        message,
      }));
  }
});

describe('through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const call = (...args: string[]) =>
    run(
      AWS_CLI,
      ['--endpoint-url', cloudwatch.server.url, 'cloudwatch', ...args, '--output', 'text'],
      awsEnvironment(cloudwatch.server.url),
    );

  it('puts and gets statistics, and is told what is wrong', async () => {
    const put = await call(
      ...['put-metric-data', '--namespace', 'Cli', '--metric-name', 'm', '--unit', 'Count', '--value', '7'],
      ...['--dimensions', 'Host=a', '--timestamp', at(0).toISOString()],
    );
    assert.equal(put.code, 0, put.stderr);
    const get = await call(
      ...[
        'get-metric-statistics',
        '--namespace',
        'Cli',
        '--metric-name',
        'm',
        '--dimensions',
        'Name=Host,Value=a',
      ],
      ...['--start-time', at(-HOUR).toISOString(), '--end-time', at(HOUR).toISOString(), '--period', '60'],
      ...['--statistics', 'Sum', '--query', 'Datapoints[].[Sum,Unit]'],
    );
    assert.equal(get.stdout.trim(), '7\tCount', get.stderr);
    const bad = await call(
      'put-metric-data',
      '--namespace',
      'Cli',
      '--metric-name',
      'm',
      '--unit',
      'Miles',
      '--value',
      '1',
    );
    assert.match(
      bad.stderr,
      /\(InvalidParameterValue\) when calling the PutMetricData operation: The parameter MetricData/,
    );
  });
});

describe('dashboards and alarms through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const call = (...args: string[]) =>
    run(
      AWS_CLI,
      ['--endpoint-url', cloudwatch.server.url, 'cloudwatch', ...args],
      awsEnvironment(cloudwatch.server.url),
    );

  it('a dashboard is put, read, refused with the places, and deleted', async () => {
    const body = '{"widgets":[{"type":"text","properties":{"markdown":"# hello"}}],"x":1}';
    const put = await call('put-dashboard', '--dashboard-name', 'Cli', '--dashboard-body', body);
    assert.deepEqual(JSON.parse(put.stdout || put.stderr), {
      DashboardValidationMessages: [
        { DataPath: '', Message: 'The "x" property is not expected, will be ignored' },
      ],
    });
    const get = await call('get-dashboard', '--dashboard-name', 'Cli', '--query', 'DashboardBody');
    assert.equal(JSON.parse(get.stdout), body);
    const wrong = '{"widgets":[{"type":"text","properties":{}}]}';
    const refused = await call('put-dashboard', '--dashboard-name', 'Cli', '--dashboard-body', wrong);
    assert.match(
      refused.stderr,
      /\(InvalidParameterInput\) when calling the PutDashboard operation: The dashboard body is invalid, there are 1 validation errors:\s+\[\s+\{\s+"dataPath": "\/widgets\/0\/properties",\s+"message": "Should have required property 'markdown'"/,
    );
    const deleted = await call('delete-dashboards', '--dashboard-names', 'Cli');
    assert.equal(deleted.code, 0, deleted.stderr);
  });

  it('an alarm has a history', async () => {
    const alarm = await call(
      ...[
        'put-metric-alarm',
        '--alarm-name',
        'cli',
        '--namespace',
        'Cli',
        '--metric-name',
        'm',
        '--period',
        '60',
      ],
      ...['--extended-statistic', 'tm90', '--evaluation-periods', '1', '--threshold', '1'],
      ...['--comparison-operator', 'GreaterThanThreshold'],
    );
    assert.equal(alarm.code, 0, alarm.stderr);
    const set = await call(
      ...['set-alarm-state', '--alarm-name', 'cli', '--state-value', 'OK', '--state-reason', 'testing'],
    );
    assert.equal(set.code, 0, set.stderr);
    const history = await call(
      ...['describe-alarm-history', '--alarm-name', 'cli', '--query', 'AlarmHistoryItems[].HistorySummary'],
    );
    assert.deepEqual(JSON.parse(history.stdout || history.stderr), [
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm "cli" created',
    ]);
  });
});

describe('through boto3', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  it('puts, gets, lists, pages, and knows the errors', async () => {
    const script = pathOfTest('conformance/cloudwatch_boto3.py');
    const { code, stdout, stderr } = await run(
      PYTHON,
      [script, cloudwatch.server.url, String(NOON)],
      awsEnvironment(cloudwatch.server.url),
    );
    assert.equal(code, 0, stderr);
    const { errors, ...seen } = JSON.parse(stdout);
    const all = Array.from({ length: 10 }, (_, index) => 3 * (9 - index) + 3);
    assert.deepEqual(seen, {
      statistics: [
        [54, 6, 9, 10, 'Milliseconds'],
        [1, 1, 1, 1, 'Milliseconds'],
      ],
      metrics: ['h0', 'h1', 'h2'],
      data: [
        ['everything', 'PartialData', all.slice(0, 4)],
        ['everything', 'PartialData', all.slice(4, 8)],
        ['everything', 'Complete', all.slice(8)],
      ],
      resource: 3,
      dashboards: ['boto'],
      history: ['Alarm updated from INSUFFICIENT_DATA to ALARM', 'Alarm "boto" created'],
    });
    assert.deepEqual(
      Object.fromEntries(
        Object.entries<unknown[]>(errors).map(([name, [kind, , status, type]]) => [
          name,
          [kind, status, type],
        ]),
      ),
      {
        unit: ['InvalidParameterValue', 400, 'InvalidParameterValueException'],
        many: ['InvalidParameterCombination', 400, 'InvalidParameterCombinationException'],
        alarms: ['NotImplemented', 501, 'ClientError'],
        image: ['NotImplemented', 501, 'ClientError'],
        dashboard: ['InvalidParameterInput', 400, 'DashboardInvalidInputError'],
      },
    );
  });
});
