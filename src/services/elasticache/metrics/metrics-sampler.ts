// Samples the metrics of every node once a minute, and sends them to CloudWatch under AWS/ElastiCache. A node that
// does not answer is skipped. A slow or absent CloudWatch loses metrics and affects nothing else.

import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { type Scope, scopeKey } from '../../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../../control/batcher.ts';
import { readInfo } from '../../../engine/commands.ts';
import type { Fleet } from '../../../engine/fleet.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Client } from '../../../wire/client.ts';
import { fleetKey } from '../clusters/controller/members.ts';
import type { Group } from '../clusters/domain/model.ts';
import type { Records } from '../records.ts';
import {
  type Counters,
  type InfoFields,
  METRIC_SECTIONS,
  metricsFromInfo,
  type NodeMetric,
  replicationLagOf,
} from './domain/metrics-from-info.ts';
import { endedMinute, everyMinute } from './every-minute.ts';

/** The client of CloudWatch. */
export type CloudWatchClient = Client<typeof import('@aws-sdk/client-cloudwatch')>;

/** Samples all nodes of all groups. */
export interface MetricsSampler {
  /** Samples at the beginning of every minute until `stop`. */
  start(): void;
  /** Samples once, now. Never rejects. */
  sample(): Promise<void>;
  stop(): Promise<void>;
}

/** The dependencies of the sampler. */
export interface MetricsSamplerOptions {
  records: Records;
  fleet: Fleet;
  clock: Clock;
  log: Log;
  cloudwatch: CloudWatchClient;
}

const NAMESPACE = 'AWS/ElastiCache';
const ASKED_AT_ONCE = 8;
const ANSWER_MS = 1_000;
/** AWS: a call may have 1,000 data points. Fewer block the event loop for less time. */
const POLICY: BatchPolicy = { gatherMs: 1_000, mostWaiting: 100_000, mostItems: 250 };
/** AWS: the only metrics that also exist for replication groups. */
const OF_GROUP = new Set([
  'DatabaseCapacityUsageCountedForEvictPercentage',
  'DatabaseMemoryUsageCountedForEvictPercentage',
]);

interface Node {
  scope: Scope;
  group: Group;
  memberId: string;
  primaryId: string;
  address: string;
  key: string;
}

/** Does nothing until `start` or `sample`. */
export function createMetricsSampler(options: MetricsSamplerOptions): MetricsSampler {
  const { records, fleet, clock, cloudwatch, log } = options;
  let before = new Map<string, Counters>();
  let end: (() => Promise<void>) | undefined;
  let sampling: Promise<void> | undefined;
  let isStopped = false;
  const batcher = createBatcher<Scope, ReturnType<typeof dataOf>[number]>({
    ...{ what: 'metrics of nodes', policy: POLICY, log, keyOf: scopeKey },
    async send(scope, MetricData) {
      await cloudwatch.call('PutMetricData', { Namespace: NAMESPACE, MetricData: [...MetricData] }, scope);
      await yieldToLoop();
    },
  });

  async function sampleOnce(): Promise<void> {
    const nodes = await runningNodes();
    const seen = await askAll(nodes);
    const counters = new Map<string, Counters>();
    const measuredNodes: [Node, NodeMetric[]][] = [];
    for (const node of nodes) {
      const own = seen.get(node.key);
      if (!own) continue;
      const primary = seen.get(fleetKey(node.scope, node.primaryId));
      const lag = replicationLagOf(own.info, primary?.info, node.address);
      const measured = metricsFromInfo(own.info, own.at, before.get(node.key), lag);
      counters.set(node.key, measured.counters);
      measuredNodes.push([node, measured.metrics]);
      await yieldToLoop();
    }
    before = counters;
    for (const [node, metrics] of measuredNodes) {
      if (isStopped) return;
      batcher.add(node.scope, dataOf(node, metrics, clock.now()));
      await yieldToLoop();
    }
    await batcher.flush();
    if (batcher.isOff) isStopped = true;
  }

  async function askAll(nodes: readonly Node[]): Promise<Map<string, { at: number; info: InfoFields }>> {
    const seen = new Map<string, { at: number; info: InfoFields }>();
    const rest = [...nodes];
    const askInTurn = async () => {
      for (let node = rest.shift(); node && !isStopped; node = rest.shift()) {
        try {
          const info = await readInfo(fleet.admin(node.key), METRIC_SECTIONS, ANSWER_MS);
          seen.set(node.key, { at: clock.now(), info });
        } catch {
          // The node ended or stopped answering meanwhile; the fleet handles that.
        }
      }
    };
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, askInTurn));
    return seen;
  }

  async function runningNodes(): Promise<Node[]> {
    const nodes: Node[] = [];
    for await (const batch of records.groups.everywhere()) {
      for (const { scope, value } of batch) nodes.push(...nodesOf(scope, value).filter(isRunning));
    }
    return nodes;
  }

  const isRunning = ({ key }: Node) => fleet.status(key).state === 'running';

  const nodesOf = (scope: Scope, group: Group): Node[] =>
    group.shards.flatMap(({ members, primaryId }) =>
      members.map(({ id, address }) => ({
        ...{ scope, group, memberId: id, primaryId, address },
        key: fleetKey(scope, id),
      })),
    );

  function sample(): Promise<void> {
    sampling ??= sampleOnce()
      .catch((error) => log.warn({ err: error }, 'nodes could not be measured'))
      .finally(() => {
        sampling = undefined;
      });
    return sampling;
  }

  return {
    sample,
    start() {
      end = everyMinute(clock, sample);
    },
    async stop() {
      isStopped = true;
      await end?.();
      await sampling;
      await batcher.stop();
    },
  };
}

/** The data points of the minute that has just ended. */
function dataOf({ group, memberId }: Node, metrics: readonly NodeMetric[], now: number) {
  const Timestamp = endedMinute(now);
  const ofMember = { Name: 'CacheClusterId', Value: memberId };
  // AWS: every metric exists twice, by cluster and by cache node. Redis and Valkey clusters have one cache node.
  const dimensionSets = [[ofMember], [ofMember, { Name: 'CacheNodeId', Value: '0001' }]];
  const ofGroup = [[{ Name: 'ReplicationGroupId', Value: group.id }]];
  const isInGroup = group.kind === 'replication-group';
  return metrics.flatMap(({ name, value, unit }) =>
    [...dimensionSets, ...(isInGroup && OF_GROUP.has(name) ? ofGroup : [])].map((Dimensions) => ({
      ...{ MetricName: name, Dimensions, Timestamp, Value: value, Unit: unit },
    })),
  );
}
