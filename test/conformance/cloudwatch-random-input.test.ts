// Random input of CloudWatch's operations: each is answered or refused by name, never with a failure of Millpond's own,
// and what is answered can be put on the wire.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rpcv2Cbor } from '../../src/wire/cbor.ts';
import { Fault } from '../../src/wire/fault.ts';
import { awsJson1_0 } from '../../src/wire/json.ts';
import { awsQuery } from '../../src/wire/query.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { at, openCloudWatch, SCOPE } from '../support/metrics.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';

const NAMES = ['a', 'b', 'c', '/a/b'];
const STAT = { Metric: { Namespace: 'a', MetricName: 'a' }, Period: 60, Stat: 'Sum' };

const ARNS = [
  ...NAMES.map((name) => `arn:aws:cloudwatch:us-east-1:${SCOPE.accountId}:alarm:${name}`),
  `arn:aws:cloudwatch::${SCOPE.accountId}:dashboard/a`,
];
const TOPICS = [[`arn:aws:sns:us-east-1:${SCOPE.accountId}:t`], []];

/** What is likely to fit together. */
const PLAUSIBLE: Record<string, readonly unknown[]> = {
  AccountId: [undefined],
  AlarmActions: TOPICS,
  AlarmContributorId: [undefined],
  AlarmTypes: [undefined, ['MetricAlarm']],
  AlarmName: ['a', 'a', ...NAMES],
  AlarmNamePrefix: [undefined],
  AlarmNames: [['a']],
  ComparisonOperator: ['GreaterThanThreshold', 'LessThanThreshold'],
  Counts: [undefined],
  DashboardBody: ['{"widgets":[]}', '{"widgets":[{}]}', '{"widgets":[],"x":1}'],
  DashboardName: NAMES,
  DashboardNames: [['a'], ['b']],
  DatapointsToAlarm: [1],
  Dimensions: [[{ Name: 'a', Value: 'b' }], []],
  EndDate: [at(120_000), undefined],
  EndTime: [at(120_000), at(3_600_000)],
  EntityMetricData: [undefined],
  EvaluateLowSampleCountPercentile: [undefined],
  EvaluationCriteria: [undefined],
  EvaluationInterval: [undefined],
  EvaluationPeriods: [1, 3],
  EvaluationWindow: [undefined],
  Expression: [
    'IF(a > 1, RATE(a), FILL(b, LINEAR))',
    'SORT(METRICS(), SUM, DESC, 1)',
    'a + b',
    'SUM(METRICS()) / 2',
    'FILL(a, 0)',
    'x',
    undefined,
  ],
  ExtendedStatistic: [undefined],
  ExtendedStatistics: [['p50'], ['p99.9', 'tm99']],
  Id: NAMES,
  InsufficientDataActions: TOPICS,
  MaxDatapoints: [1, 1000],
  MetricName: NAMES,
  Metrics: [undefined],
  Namespace: NAMES,
  NextToken: [undefined],
  OKActions: TOPICS,
  Period: [1, 60, 300],
  ResourceARN: ARNS,
  ScanBy: ['TimestampAscending', undefined],
  StartDate: [at(-60_000), undefined],
  StartTime: [at(-60_000), at(-3_600_000)],
  Stat: ['Sum', 'p50', 'x'],
  StateValue: ['OK', 'ALARM'],
  Statistic: ['Sum', 'Average'],
  StatisticValues: [undefined],
  Statistics: [['Sum', 'Average']],
  StorageResolution: [1, 60],
  TagKeys: [['a']],
  Tags: [[{ Key: 'a', Value: 'b' }]],
  Threshold: [0, 1.5],
  ThresholdMetricId: [undefined],
  Timestamp: [at(0), at(-1000), undefined],
  TreatMissingData: ['breaching', 'ignore', undefined],
  Unit: ['Bytes', 'None'],
  Values: [undefined],
};

const FITTING: Record<string, readonly unknown[]> = {
  ...PLAUSIBLE,
  MetricData: [
    [{ MetricName: 'a', Value: 1 }],
    [{ MetricName: 'a', Values: [1, 2, 2 ** 360], Counts: [1, 0.5, 3] }],
    [{ MetricName: 'b', StatisticValues: { SampleCount: 0.1, Sum: -1e9, Minimum: -5, Maximum: 5 } }],
  ],
  MetricDataQueries: [
    [{ Id: 'a', MetricStat: STAT }],
    [
      { Id: 'a', MetricStat: { ...STAT, Stat: 'p99' } },
      { Id: 'e', Expression: 'a ^ a / (a - a)' },
    ],
  ],
};

/** Without all of these an alarm is nothing, and the model does not say so. */
const NEEDED: Record<string, object> = {
  PutMetricAlarm: {
    ...{ Namespace: 'a', MetricName: 'a', Period: 60, Statistic: 'Sum' },
    ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
  },
};

for (const seed of [20_261_121, 1, 2, 3]) {
  it(`answers or refuses whatever comes, seed ${seed}`, async () => {
    const random = seededRandom(seed);
    const { client, service } = openCloudWatch();
    const call = client.call as unknown as (name: string, input: object, scope: object) => Promise<object>;
    const schema = loadSchema('monitoring');
    const answered = new Map<string, number>();
    for (let round = 0; round < 400; round++) {
      for (const name of Object.keys(service.operations)) {
        const operation = schema.operation(name)!;
        const known = round % 2 === 0 ? FITTING : PLAUSIBLE;
        const given = randomInput(operation.input as Structure, random, { known, nastiness: 0.05 });
        const input = round % 4 === 0 ? { ...given, ...NEEDED[name] } : given;
        try {
          const output = await call(name, input, SCOPE);
          for (const codec of [awsJson1_0, awsQuery, rpcv2Cbor]) {
            codec.encode(operation, output as never, { service: schema, requestId: 'r' });
          }
          answered.set(name, (answered.get(name) ?? 0) + 1);
        } catch (error) {
          if (error instanceof Fault) continue;
          throw new Error(`${name} ${JSON.stringify(input).slice(0, 2000)}`, { cause: error });
        }
      }
    }
    assert.equal(answered.size, Object.keys(service.operations).length);
    for (const [name, count] of answered) assert.ok(count > 20, `${name} was answered ${count} times`);
  });
}
