// Sends AWS/ApplicationELB metrics to CloudWatch. Counts in memory and sends some seconds later, within bounds. A slow or
// missing CloudWatch costs metrics, never a request.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../control/batcher.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { turnEnd } from '../../kernel/turn.ts';
import type { BalancerCounts, LoadBalancers } from '../../load-balancer/load-balancers.ts';
import type { Client } from '../../wire/client.ts';
import { type Dimensions, isToldBy, type MetricDatum, MetricTally, single } from './domain/metric-tally.ts';
import { arnOf, nounOf, within } from './domain/names.ts';
import type { BalancerRecord, Records } from './records.ts';

/** Metrics of balancers. No method throws. */
export interface BalancerMetrics {
  counted(counts: readonly BalancerCounts[]): void;
  /** Begins to count hosts and connections at the end of each minute, as long as there are balancers. */
  balancersChanged(): void;
  /** Counts hosts and connections now. */
  sample(): Promise<void>;
  /** Sends the rest. */
  stop(): Promise<void>;
}

/** CloudWatch's client. */
export type CloudWatchClient = Client<typeof import('@aws-sdk/client-cloudwatch')>;

interface Dimension {
  Name: string;
  Value: string;
}

interface Entry {
  key: string;
  minute: number;
  dimensions: Dimension[];
  data(): MetricDatum[];
}

interface Series extends Entry {
  tally: MetricTally;
}

interface Place {
  balancer: string;
  zone?: string | undefined;
  group?: string | undefined;
}

/** The most data that one entry is split into. */
const MOST_DATA_OF_ONE = 40;
/** AWS: a call has at most 1,000 data. */
const POLICY: BatchPolicy = { gatherMs: 10_000, mostWaiting: 10_000, mostItems: 1_000, mostSize: 1_000 };
const MINUTE_MS = 60_000;

/** Nothing is sent without a client of CloudWatch. */
export function createBalancerMetrics(options: {
  records: Records;
  health: LoadBalancers['health'];
  cloudwatch: CloudWatchClient | undefined;
  clock: Clock;
  log: Log;
}): BalancerMetrics {
  const { records, health, cloudwatch, clock, log } = options;
  /** Series that wait to be sent; new counts are added to them. */
  const series = new Map<string, Series>();
  /** By balancer: the most open connections in each zone in this minute, and how many are open now. */
  const connections = new Map<string, Map<string, { most: number; now: number }>>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const batcher =
    cloudwatch &&
    createBatcher<Scope, Entry>({
      ...{ what: 'metrics of load balancers', policy: POLICY, log, keyOf: scopeKey },
      sizeOf: (entry) => Math.min(entry.data().length, MOST_DATA_OF_ONE),
      async send(scope, batch) {
        for (const { key } of batch) series.delete(key);
        const input = { Namespace: 'AWS/ApplicationELB', MetricData: batch.flatMap(dataOf) };
        await cloudwatch.call('PutMetricData', input, scope);
      },
    });

  const minuteNow = () => Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;

  const minuteThatEnded = () => Math.floor((clock.now() - 1_000) / MINUTE_MS) * MINUTE_MS;

  function tallyOf(scope: Scope, by: Dimensions, place: Place): MetricTally | undefined {
    const dimensions = dimensionsOf(by, place);
    const minute = minuteNow();
    const key = `${scopeKey(scope)} ${minute} ${dimensions.map(({ Value }) => Value).join(' ')}`;
    let found = series.get(key);
    if (!found) {
      const tally = new MetricTally();
      found = { ...{ key, minute, dimensions, tally }, data: () => tally.data() };
      if (!batcher?.add(scope, [found])) return undefined;
      series.set(key, found);
    }
    return found.tally;
  }

  function count({ balancerArn, targetGroupArn, zone, ...counts }: BalancerCounts): void {
    const named = nounOf(balancerArn);
    if (!named || !batcher || batcher.isOff) return;
    const balancer = named.id;
    const group = targetGroupArn === undefined ? undefined : nounOf(targetGroupArn)?.id;
    if (counts.activeConnections !== undefined) noteConnections(balancerArn, zone, counts.activeConnections);
    const kinds: readonly Dimensions[] =
      group === undefined ? ['LoadBalancer', 'zone'] : ['TargetGroup', 'group', 'group and zone'];
    for (const by of kinds) {
      const sums = Object.entries(counts.sums).filter(([metric]) => isToldBy(metric, by));
      const times = isToldBy('TargetResponseTime', by) ? counts.targetResponseTimes : [];
      if (sums.length === 0 && times.length === 0) continue;
      const tally = tallyOf(named, by, { balancer, zone, group });
      for (const [metric, sum] of sums) tally?.add(metric, sum);
      tally?.addTimes(times);
    }
  }

  function noteConnections(balancerArn: string, zone: string, now: number): void {
    let zones = connections.get(balancerArn);
    if (!zones) connections.set(balancerArn, (zones = new Map()));
    zones.set(zone, { most: Math.max(zones.get(zone)?.most ?? 0, now), now });
  }

  function send(scope: Scope, by: Dimensions, place: Place, data: MetricDatum[]): void {
    const dimensions = dimensionsOf(by, place);
    batcher?.add(scope, [{ key: '', minute: minuteThatEnded(), dimensions, data: () => data }]);
  }

  function sampleOne(scope: Scope, balancer: BalancerRecord): void {
    const arn = arnOf('balancer', scope, balancer.id);
    const zones = connections.get(arn);
    const open = [...(zones?.values() ?? [])].reduce((sum, { most }) => sum + most, 0);
    if (open > 0)
      send(scope, 'LoadBalancer', { balancer: balancer.id }, [single('ActiveConnectionCount', open)]);
    for (const one of zones?.values() ?? []) one.most = one.now;
    const rules = records.rules.list(scope, { prefix: within(balancer.id) });
    const groups = new Set(
      rules.flatMap(({ action }) => (action.type === 'forward' ? [action.targetGroupId] : [])),
    );
    for (const group of groups) sampleHosts(scope, balancer, group);
  }

  /** AWS: reported where health checks are enabled. Every zone reaches all targets, since balancing crosses zones. */
  function sampleHosts(scope: Scope, balancer: BalancerRecord, group: string): void {
    if (!records.targetGroups.find(scope, group)?.healthCheck.isEnabled) return;
    const states = [...health(arnOf('targetGroup', scope, group)).values()].map(({ state }) => state);
    const data = [
      single('HealthyHostCount', states.filter((state) => state === 'healthy').length),
      single('UnHealthyHostCount', states.filter((state) => state === 'unhealthy').length),
    ];
    send(scope, 'group', { balancer: balancer.id, group }, data);
    for (const { zone } of balancer.places) {
      send(scope, 'group and zone', { balancer: balancer.id, group, zone }, data);
    }
  }

  async function sample(): Promise<void> {
    const known = new Set<string>();
    for await (const batch of records.balancers.everywhere()) {
      for (const { scope, value } of batch) {
        known.add(arnOf('balancer', scope, value.id));
        sampleOne(scope, value);
        await turnEnd();
      }
    }
    for (const arn of connections.keys()) if (!known.has(arn)) connections.delete(arn);
    isAny = known.size > 0;
  }

  let isAny = true;

  function schedule(): void {
    if (!batcher || timer || isStopped) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        sample().then(
          () => isAny && schedule(),
          (error) => log.warn({ err: error }, 'load balancers could not be sampled'),
        );
      },
      MINUTE_MS - (clock.now() % MINUTE_MS) + 1,
    ).unref();
  }

  return {
    counted(counts) {
      for (const one of counts) count(one);
    },
    balancersChanged: schedule,
    sample,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await batcher?.stop();
    },
  };
}

/** AWS: the values are the ends of the ARNs. */
function dimensionsOf(by: Dimensions, { balancer, zone, group }: Place): Dimension[] {
  const ofBalancer = { Name: 'LoadBalancer', Value: balancer };
  const ofZone = { Name: 'AvailabilityZone', Value: zone ?? '' };
  const ofGroup = { Name: 'TargetGroup', Value: `targetgroup/${group}` };
  switch (by) {
    case 'LoadBalancer':
      return [ofBalancer];
    case 'zone':
      return [ofZone, ofBalancer];
    case 'TargetGroup':
      return [ofGroup];
    case 'group':
      return [ofGroup, ofBalancer];
    case 'group and zone':
      return [ofGroup, ofZone, ofBalancer];
  }
}

const dataOf = ({ minute, dimensions, data }: Entry) =>
  data()
    .slice(0, MOST_DATA_OF_ONE)
    .map((datum) => ({ ...datum, Timestamp: new Date(minute), Dimensions: dimensions }));
