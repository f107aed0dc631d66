// The metrics of balancers, as CloudWatch gets them.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { type CloudWatchClient, createBalancerMetrics } from './metrics.ts';
import { type BalancerRecord, openRecords, type RuleRecord, type TargetGroupRecord } from './records.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ARN = 'arn:aws:elasticloadbalancing:us-east-1:000000000000';
const BALANCER = 'app/front/0123456789abcdef';
const GROUP = 'web/0123456789abcdef';
const MINUTE_MS = 60_000;

function open() {
  const records = openRecords(openStore(':memory:'));
  const sent: string[] = [];
  const cloudwatch = {
    async call(_operation: string, input: { Namespace: string; MetricData: never[] }) {
      assert.equal(input.Namespace, 'AWS/ApplicationELB');
      for (const datum of input.MetricData as Record<string, never>[]) sent.push(textOf(datum));
    },
  } as unknown as CloudWatchClient;
  const metrics = createBalancerMetrics({
    ...{ records, cloudwatch, log: silentLog, clock: { now: () => 3 * MINUTE_MS + 500 } },
    health: () =>
      new Map([
        ['10.0.0.1:80', { state: 'healthy' as const }],
        ['10.0.0.2:80', { state: 'unhealthy' as const }],
      ]),
  });
  return { metrics, records, sent };
}

/** `RequestCount app/front/…: 2 of 2`. */
function textOf(datum: Record<string, never>): string {
  const { MetricName, Dimensions, StatisticValues, Values, Counts, Timestamp } = datum as unknown as {
    MetricName: string;
    Dimensions: { Name: string; Value: string }[];
    StatisticValues?: { SampleCount: number; Sum: number };
    Values?: number[];
    Counts?: number[];
    Timestamp: Date;
  };
  const by = Dimensions.map(({ Value }) =>
    Value.split('/')[0] === 'app' ? 'balancer' : Value.split('/')[0],
  ).join();
  const value = StatisticValues
    ? `${StatisticValues.Sum} of ${StatisticValues.SampleCount}`
    : `${Values} x ${Counts}`;
  return `${MetricName} ${by}: ${value} at ${Timestamp.getTime() / MINUTE_MS}`;
}

it('counts go to the series that AWS has of each metric', async () => {
  const { metrics, sent } = open();
  const of = { balancerArn: `${ARN}:loadbalancer/${BALANCER}`, zone: 'a' };
  const targetGroupArn = `${ARN}:targetgroup/${GROUP}`;
  const sums = { RequestCount: 2, ProcessedBytes: 700 };
  metrics.counted([{ ...of, sums, targetResponseTimes: [1, 1] }]);
  metrics.counted([{ ...of, sums: { RequestCount: 1 }, targetResponseTimes: [] }]);
  metrics.counted([
    { ...of, targetGroupArn, sums: { RequestCount: 3, LambdaUserError: 1 }, targetResponseTimes: [1] },
  ]);
  await metrics.stop();
  assert.deepEqual(sent.sort(), [
    'LambdaUserError targetgroup,balancer: 1 of 1 at 3',
    'LambdaUserError targetgroup: 1 of 1 at 3',
    'ProcessedBytes balancer: 700 of 1 at 3',
    'RequestCount a,balancer: 3 of 3 at 3',
    'RequestCount balancer: 3 of 3 at 3',
    'RequestCount targetgroup,a,balancer: 3 of 3 at 3',
    'RequestCount targetgroup,balancer: 3 of 3 at 3',
    'TargetResponseTime a,balancer: 1 x 2 at 3',
    'TargetResponseTime balancer: 1 x 2 at 3',
    'TargetResponseTime targetgroup,a,balancer: 1 x 1 at 3',
    'TargetResponseTime targetgroup,balancer: 1 x 1 at 3',
  ]);
});

it('hosts and connections are counted once a minute', async () => {
  const { metrics, records, sent } = open();
  records.balancers.put(SCOPE, {
    ...{ id: BALANCER, name: 'front', number: 1, scheme: 'internal', vpcId: 'v', createdAt: 0 },
    ...{ securityGroupIds: [], attributes: {}, tags: {} },
    places: [{ subnetId: 's', zone: 'a', cidr: '10.0.0.0/24', address: '10.0.0.9' }],
  } satisfies BalancerRecord);
  records.rules.put(SCOPE, {
    ...{ id: `${BALANCER}/1/2`, priority: 'default', conditions: [], tags: {} },
    action: { type: 'forward', targetGroupId: GROUP },
  } satisfies RuleRecord);
  records.targetGroups.put(SCOPE, {
    ...{ id: GROUP, name: 'web', type: 'ip', attributes: {}, tags: {}, targets: [] },
    healthCheck: {
      ...{ isEnabled: true, path: '/', intervalSeconds: 30, timeoutSeconds: 5 },
      ...{ healthyCount: 5, unhealthyCount: 2, matcher: '200' },
    },
  } satisfies TargetGroupRecord);
  const balancerArn = `${ARN}:loadbalancer/${BALANCER}`;
  const counts = { balancerArn, sums: {}, targetResponseTimes: [] };
  metrics.counted([
    { ...counts, zone: 'a', activeConnections: 5 },
    { ...counts, zone: 'b', activeConnections: 1 },
    { ...counts, zone: 'a', activeConnections: 2 },
  ]);
  await metrics.sample();
  await metrics.stop();
  assert.deepEqual(sent.sort(), [
    'ActiveConnectionCount balancer: 6 of 1 at 2',
    'HealthyHostCount targetgroup,a,balancer: 1 of 1 at 2',
    'HealthyHostCount targetgroup,balancer: 1 of 1 at 2',
    'UnHealthyHostCount targetgroup,a,balancer: 1 of 1 at 2',
    'UnHealthyHostCount targetgroup,balancer: 1 of 1 at 2',
  ]);
});
