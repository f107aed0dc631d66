// CloudWatch's metrics, put and listed, as the SDK for JavaScript sees them in each of its protocols.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { CloudWatch, CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { at, NOON, serveCloudWatch } from '../support/metrics.ts';
import { ask, FORM, signedFor } from '../support/wire.ts';

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

const settings = {
  defaultNamespace: 'com.amazonaws.cloudwatch',
  xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  version: '2010-08-01',
  serviceTarget: 'GraniteServiceVersion20100801',
  errorTypeRegistries: [],
};

describe('every protocol', () => {
  const protocols: [name: string, config: () => Partial<CloudWatchClientConfig>][] = [
    ['json', () => ({})],
    ['query', () => ({ protocol: new AwsQueryProtocol(settings) })],
    [
      'cbor',
      // The SDK would announce the length that the body had before it was compressed.
      () => ({ protocol: new AwsSmithyRpcV2CborProtocol(settings), disableRequestCompression: true }),
    ],
  ];
  for (const [name, config] of protocols) {
    it(name, async () => {
      const own = cloudwatch.clientOf(config());
      const Namespace = `Protocol/${name}`;
      await own.putMetricData({
        Namespace,
        // Long enough to be sent compressed.
        MetricData: Array.from({ length: 300 }, (_, index) => ({
          MetricName: 'm',
          Dimensions: [{ Name: 'Host', Value: `host-${index % 3}` }],
          Timestamp: at(-index * 1000),
          Value: index + 0.5,
          Unit: 'Bytes' as const,
        })),
      });
      const { Datapoints } = await own.getMetricStatistics({
        ...{ Namespace, MetricName: 'm', Dimensions: [{ Name: 'Host', Value: 'host-0' }] },
        ...{
          StartTime: at(-5 * MINUTE),
          EndTime: at(MINUTE),
          Period: 360,
          Statistics: ['Sum', 'SampleCount'],
        },
      });
      assert.deepEqual(Datapoints, [
        { Timestamp: at(-5 * MINUTE), Sum: 14_900, SampleCount: 100, Unit: 'Bytes' },
      ]);
      const { MetricDataResults } = await own.getMetricData({
        ...range,
        MetricDataQueries: [
          {
            Id: 'a',
            MetricStat: {
              Metric: { Namespace, MetricName: 'm', Dimensions: [{ Name: 'Host', Value: 'host-1' }] },
              Period: 60,
              Stat: 'Maximum',
            },
          },
          { Id: 'b', Expression: 'a * 2', Label: 'twice' },
        ],
      });
      assert.deepEqual(
        MetricDataResults!.map(({ Id, Label, StatusCode, Values }) => [Id, Label, StatusCode, Values![0]]),
        [
          ['a', 'm', 'Complete', 58.5],
          ['b', 'twice', 'Complete', 117],
        ],
      );
      assert.deepEqual(MetricDataResults![0]!.Timestamps!.slice(0, 2), [at(-MINUTE), at(-2 * MINUTE)]);
      const { Metrics } = await own.listMetrics({ Namespace });
      assert.equal(Metrics!.length, 3);
      await assert.rejects(own.putDashboard({ DashboardName: name, DashboardBody: '{"widgets":[{}]}' }), {
        name: 'DashboardInvalidInputError',
        dashboardValidationMessages: ['type', 'properties'].map((property) => ({
          DataPath: '/widgets/0',
          Message: `Should have required property '${property}'`,
        })),
      });
      await own.putMetricAlarm({
        ...{ AlarmName: name, Namespace, MetricName: 'm', Period: 60, ExtendedStatistic: 'IQM' },
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'LessThanThreshold' },
      });
      const { AlarmHistoryItems } = await own.describeAlarmHistory({ AlarmName: name, StartDate: at(-HOUR) });
      assert.deepEqual(AlarmHistoryItems!.at(-1)!.Timestamp, at(0));
      await own.deleteAlarms({ AlarmNames: [name] });
      await assert.rejects(
        own.getMetricStatistics({ Namespace, MetricName: 'm', ...range, Period: 7, Statistics: ['Sum'] }),
        {
          message:
            'The parameter Period must be a value in the set [ 1, 5, 10, 20, 30 ] or a multiple of 60.',
        },
      );
      own.destroy();
    });
  }

  it('bodies that are compressed by hand', async () => {
    const body =
      'Action=PutMetricData&Version=2010-08-01&Namespace=Zip&MetricData.member.1.MetricName=z&MetricData.member.1.Value=3';
    const headers = { 'content-type': FORM, 'content-encoding': 'gzip', ...signedFor('monitoring') };
    const { status, text } = await ask(cloudwatch.server, { headers, body: gzipSync(body) });
    assert.equal(status, 200, text);
    assert.equal((await client.listMetrics({ Namespace: 'Zip' })).Metrics!.length, 1);
  });
});

describe('what is put', () => {
  it('as values with counts, as a set, in high resolution', async () => {
    const Namespace = 'Forms';
    await client.putMetricData({
      Namespace,
      MetricData: [
        { MetricName: 'counts', Values: [1, 2, 4], Counts: [1, 2, 1] },
        { MetricName: 'set', StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 } },
        { MetricName: 'fine', Value: 1, StorageResolution: 1, Timestamp: at(-3000) },
        { MetricName: 'fine', Value: 2, StorageResolution: 1, Timestamp: at(-1000) },
      ],
    });
    const statistics = async (MetricName: string, Period: number, more: object = {}) =>
      (
        await client.getMetricStatistics({
          ...{ Namespace, MetricName, StartTime: at(-5 * MINUTE), EndTime: at(MINUTE), Period },
          ...{ Statistics: ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'], ...more },
        })
      ).Datapoints!.map(({ Timestamp, Unit: _, ...values }) => [Timestamp!.getTime() - NOON, values]);
    const set = { SampleCount: 4, Minimum: 1, Maximum: 4 };
    const ExtendedStatistics = ['p50', 'p99'];
    assert.deepEqual(await statistics('counts', 60, { ExtendedStatistics }), [
      [0, { ...set, Sum: 9, Average: 2.25, ExtendedStatistics: { p50: 2, p99: 4 } }],
    ]);
    // AWS: a set does not tell its percentiles.
    assert.deepEqual(await statistics('set', 60, { ExtendedStatistics }), [
      [0, { ...set, Sum: 10, Average: 2.5 }],
    ]);
    assert.deepEqual(
      (await statistics('fine', 1)).map(([when]) => when),
      [-3000, -1000],
    );
    assert.deepEqual(
      (await statistics('fine', 60)).map(([when]) => when),
      [-MINUTE],
    );
    // AWS: below a minute, values of whole minutes are in the period that begins with the minute.
    assert.deepEqual(
      (await statistics('counts', 10)).map(([when]) => when),
      [0],
    );
  });

  it('in different units stays apart', async () => {
    const put = (Unit: 'Bytes' | 'Count', Value: number) =>
      client.putMetricData({ Namespace: 'Units', MetricData: [{ MetricName: 'm', Value, Unit }] });
    await put('Bytes', 1);
    await put('Count', 2);
    const get = async (Unit?: 'Bytes' | 'Seconds') =>
      (
        await client.getMetricStatistics({
          ...{ Namespace: 'Units', MetricName: 'm', ...range, Period: 60, Statistics: ['Sum'] },
          Unit,
        })
      ).Datapoints!.map((point) => [point.Unit, point.Sum]);
    assert.deepEqual((await get()).sort(), [
      ['Bytes', 1],
      ['Count', 2],
    ]);
    assert.deepEqual(await get('Bytes'), [['Bytes', 1]]);
    assert.deepEqual(await get('Seconds'), []);
  });

  type Put = Parameters<CloudWatch['putMetricData']>[0];
  const data = (...MetricData: object[]): Put => ({
    Namespace: 'Bad',
    MetricData: MetricData as Put['MetricData'],
  });
  const one = { MetricName: 'm', Value: 1 };
  const path = 'MetricData.member.1';
  const refused: [name: string, input: Put, code: string, message: string | RegExp][] = [
    ['nothing', data(), 'MissingRequiredParameterException', 'The parameter MetricData is required.'],
    [
      'too much',
      data(...Array(1001).fill(one)),
      'InvalidParameterValueException',
      'The collection MetricData must not have a size greater than 1000.',
    ],
    [
      'a unit that is none',
      data({ ...one, Unit: 'Miles' }),
      'InvalidParameterValueException',
      /^The parameter MetricData\.member\.1\.Unit must be a value in the set \[ Seconds, Microseconds, .*, None \]\.$/,
    ],
    [
      'too old',
      data({ ...one, Timestamp: at(-15 * DAY) }),
      'InvalidParameterValueException',
      `The parameter ${path}.Timestamp must specify a time within the past two weeks.`,
    ],
    [
      'a value and a set',
      data({ ...one, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } }),
      'InvalidParameterCombinationException',
      `The parameters ${path}.Value and ${path}.StatisticValues are mutually exclusive and you have specified both.`,
    ],
    [
      'a value and values',
      data({ ...one, Values: [1] }),
      'InvalidParameterCombinationException',
      `The parameters ${path}.Value and ${path}.Values are mutually exclusive and you have specified both.`,
    ],
    [
      'values and counts that differ',
      data({ MetricName: 'm', Values: [1, 2], Counts: [1] }),
      'InvalidParameterValueException',
      `The parameters ${path}.Values and ${path}.Counts must be of the same size.`,
    ],
    [
      'too many values',
      data({ MetricName: 'm', Values: Array(151).fill(1) }),
      'InvalidParameterValueException',
      `The collection ${path}.Values must not have a size greater than 150.`,
    ],
    [
      'no value',
      data({ MetricName: 'm' }),
      'MissingRequiredParameterException',
      /StatisticValues is required/,
    ],
    [
      'a huge value',
      data({ ...one, Value: 2 ** 361 }),
      'InvalidParameterValueException',
      /for parameter .*Value is invalid/,
    ],
    [
      'too many dimensions',
      data({
        ...one,
        Dimensions: Array.from({ length: 31 }, (_, index) => ({ Name: `d${index}`, Value: 'v' })),
      }),
      'InvalidParameterValueException',
      `The collection ${path}.Dimensions must not have a size greater than 30.`,
    ],
    [
      'a namespace that begins with a colon',
      { ...data(one), Namespace: ':x' },
      'InvalidParameterValueException',
      /Namespace is invalid/,
    ],
  ];
  for (const [name, input, code, message] of refused) {
    it(`${name} is refused`, () => assert.rejects(client.putMetricData(input), { name: code, message }));
  }

  it('is put wholly or not at all', async () => {
    const bad = data({ ...one, MetricName: 'whole' }, { ...one, Unit: 'Miles' });
    await assert.rejects(client.putMetricData(bad));
    assert.deepEqual((await client.listMetrics({ Namespace: 'Bad' })).Metrics, []);
  });
});

describe('ListMetrics', () => {
  before(async () => {
    const Dimensions = (index: number) => [
      { Name: 'Shard', Value: String(index % 10) },
      { Name: 'Host', Value: `h${index}` },
    ];
    for (let first = 0; first < 1200; first += 600) {
      await client.putMetricData({
        Namespace: 'List',
        MetricData: Array.from({ length: 600 }, (_, index) => ({
          MetricName: `m${(first + index) % 2}`,
          Dimensions: Dimensions(first + index),
          Value: 1,
        })),
      });
    }
  });

  it('pages, each metric once', async () => {
    const hosts = new Set<string>();
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await client.listMetrics({ Namespace: 'List', NextToken });
      for (const { Dimensions } of page.Metrics!)
        hosts.add(Dimensions!.find(({ Name }) => Name === 'Host')!.Value!);
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken);
    assert.deepEqual([pages, hosts.size], [3, 1200]);
  });

  it('filters by name and by dimensions, with a value and without', async () => {
    const count = async (input: object) =>
      (await client.listMetrics({ Namespace: 'List', ...input })).Metrics!.length;
    assert.equal(await count({ Dimensions: [{ Name: 'Shard', Value: '3' }] }), 120);
    assert.equal(await count({ Dimensions: [{ Name: 'Shard', Value: '3' }, { Name: 'Host' }] }), 120);
    assert.equal(await count({ Dimensions: [{ Name: 'Shard', Value: '3' }], MetricName: 'm0' }), 0);
    assert.equal(await count({ Dimensions: [{ Name: 'Rack' }] }), 0);
    assert.equal(await count({ Dimensions: [{ Name: 'Host', Value: 'h7' }], RecentlyActive: 'PT3H' }), 1);
  });

  it('shows other accounts and regions nothing', async () => {
    const other = cloudwatch.clientOf({ region: 'eu-west-1' });
    assert.deepEqual((await other.listMetrics({})).Metrics, []);
    other.destroy();
  });

  it('refuses what it does not know', async () => {
    await assert.rejects(client.listMetrics({ RecentlyActive: 'PT9H' as 'PT3H' }), {
      name: 'InvalidParameterValueException',
    });
    await assert.rejects(client.listMetrics({ NextToken: '!' }), {
      name: 'InvalidParameterValueException',
    });
  });
});

it('what there is not yet is refused by name, and there is none of it', async () => {
  const { MetricAlarms, CompositeAlarms } = await client.describeAlarms({});
  assert.deepEqual([MetricAlarms, CompositeAlarms], [[], []]);
  const metric = { Namespace: 'a', MetricName: 'b' };
  assert.deepEqual((await client.describeAlarmsForMetric(metric)).MetricAlarms, []);
  assert.deepEqual((await client.describeAnomalyDetectors({})).AnomalyDetectors, []);
  assert.deepEqual((await client.listDashboards({})).DashboardEntries, []);
  assert.deepEqual((await client.listMetricStreams({})).Entries, []);
  await assert.rejects(
    client.putCompositeAlarm({ AlarmName: 'a', AlarmRule: 'TRUE' }),
    (error: Error & { $metadata: { httpStatusCode: number } }) => {
      assert.match(error.message, /does not implement monitoring:PutCompositeAlarm/);
      return error.$metadata.httpStatusCode === 501;
    },
  );
});
