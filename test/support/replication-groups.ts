// Asks ElastiCache from outside, using only the SDK: waits until a group is available, lists its events, and checks
// errors on the wire.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CacheCluster,
  DescribeCacheClustersCommand,
  DescribeEventsCommand,
  DescribeReplicationGroupsCommand,
  type ElastiCacheClient,
  type Event,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';

const LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 20;

/**
 * Returns the first result of the check that is neither false nor undefined. Rejects, naming `what`, after two minutes,
 * or after two minutes without a change of `progress`.
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  progress: () => unknown = () => undefined,
): Promise<Exclude<NonNullable<T>, false>> {
  let deadline = performance.now() + LIMIT_MS;
  let before = progress();
  let last: unknown;
  while (performance.now() < deadline) {
    const begunAt = performance.now();
    try {
      const found = await look();
      if (found !== false && found !== undefined && found !== null) {
        return found as Exclude<NonNullable<T>, false>;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    const now = progress();
    if (now !== before) deadline = performance.now() + LIMIT_MS;
    before = now;
    // Checks take at most half of the time: on a busy machine they would otherwise delay what they wait for.
    await pause(Math.max(LOOK_EVERY_MS, performance.now() - begunAt));
  }
  throw new Error(`did not happen: ${what}`, { cause: last });
}

/** The group. Rejects when it does not exist. */
export async function describeGroup(client: ElastiCacheClient, id: string): Promise<ReplicationGroup> {
  const answer = await client.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
  return answer.ReplicationGroups![0]!;
}

/** The cache cluster with its nodes. Rejects when it does not exist. */
export async function describeCluster(client: ElastiCacheClient, id: string): Promise<CacheCluster> {
  const answer = await client.send(
    new DescribeCacheClustersCommand({ CacheClusterId: id, ShowCacheNodeInfo: true }),
  );
  return answer.CacheClusters![0]!;
}

/** Moving slots may be slow on a busy machine, but must progress. */
export function untilAvailable(client: ElastiCacheClient, id: string): Promise<ReplicationGroup> {
  let percent: number | undefined;
  return eventually(
    `${id} is available`,
    async () => {
      const group = await describeGroup(client, id);
      percent = group.PendingModifiedValues?.Resharding?.SlotMigration?.ProgressPercentage;
      return group.Status === 'available' && group;
    },
    () => percent,
  );
}

export const untilClusterAvailable = (client: ElastiCacheClient, id: string): Promise<CacheCluster> =>
  eventually(`${id} is available`, async () => {
    const cluster = await describeCluster(client, id);
    return cluster.CacheClusterStatus === 'available' && cluster;
  });

/** The events of the given sources, oldest first, as `source: message`. */
export async function told(client: ElastiCacheClient, ...sources: string[]): Promise<string[]> {
  const events = await listEvents(client);
  return events
    .filter((event) => sources.includes(event.SourceIdentifier!))
    .map((event) => `${event.SourceIdentifier}: ${event.Message}`);
}

/** All events of the last hour, oldest first. */
export async function listEvents(client: ElastiCacheClient): Promise<Event[]> {
  const events: Event[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new DescribeEventsCommand({ ...(Marker && { Marker }), MaxRecords: 100 }));
    events.push(...page.Events!);
    Marker = page.Marker;
  } while (Marker);
  return events.reverse();
}

/** An error as the SDK and the wire show it. */
export interface WireError {
  /** The SDK's name of the error: the shape's. */
  name: string;
  /** The code on the wire. */
  code: string;
  status: number;
  message?: RegExp | string;
}

/** Asserts that the request fails with exactly this error. */
export async function rejectsWith(request: Promise<unknown>, expected: WireError): Promise<void> {
  await assert.rejects(request, (error: SdkError) => {
    const { name, code, status, message } = expected;
    assert.deepEqual(
      { name: error.name, code: error.Code ?? error.Error?.Code, status: error.$metadata?.httpStatusCode },
      { name, code, status },
      error.message,
    );
    if (typeof message === 'string') assert.equal(error.message, message);
    else if (message) assert.match(error.message, message);
    return true;
  });
}

interface SdkError extends Error {
  Code?: string;
  Error?: { Code?: string };
  $metadata?: { httpStatusCode?: number };
}

const error = (name: string, code: string, status: number) => (message?: RegExp | string) =>
  ({ name, code, status, ...(message && { message }) }) as WireError;

export const invalidValue = error('InvalidParameterValueException', 'InvalidParameterValue', 400);
export const invalidCombination = error(
  'InvalidParameterCombinationException',
  'InvalidParameterCombination',
  400,
);
export const invalidGroupState = error(
  'InvalidReplicationGroupStateFault',
  'InvalidReplicationGroupState',
  400,
);
export const invalidClusterState = error('InvalidCacheClusterStateFault', 'InvalidCacheClusterState', 400);
export const groupNotFound = error('ReplicationGroupNotFoundFault', 'ReplicationGroupNotFoundFault', 404);
export const clusterNotFound = error('CacheClusterNotFoundFault', 'CacheClusterNotFound', 404);
