// One drill from warm-up to verdict: starts the traffic, removes the primary, watches until everything has settled or
// time is up, and counts the acknowledged writes.

import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { OperationalError } from '../../kernel/errors.ts';
import type { Attempt } from './attempt.ts';
import {
  createClusterClient,
  createNodeClient,
  type EndpointClient,
  parseEndpoint,
} from './endpoint-client.ts';
import { createFreshNames, type FreshNames } from './fresh-names.ts';
import { type DrillKind, type DrillReport, reportOf } from './report.ts';
import type { DrillTarget } from './target.ts';
import { prepareTrigger } from './trigger.ts';
import { whenNameLeaves, whenReplaced, whenReplica } from './watch.ts';
import { countLost, createWriter, deleteKeys, keepReading, keepWriting } from './workload.ts';

/** How to drill. */
export interface DrillOptions {
  kind: DrillKind;
  /** The longest time to watch after the call. */
  watchMs: number;
  /** The URL of the API. */
  url: string;
  dns: { address: string; port: number };
}

/** Steady traffic before the call, and after everything has settled. */
const WARM_UP_MS = 500;
const SETTLE_MS = 500;
/** How long a partition lasts after the failover. */
const SEEN_APART_MS = 1_000;
const FIRST_WRITE_TIMEOUT_MS = 5_000;
const COUNT_TRIES = 40;
const COUNT_PACE_MS = 250;

interface Clients {
  writer: EndpointClient;
  reader: EndpointClient;
  /** A client of the member that is primary at the start. */
  member: EndpointClient;
}

/** Throws CommandFailed when no write succeeds beforehand or the call is refused. */
export async function rehearse(target: DrillTarget, options: DrillOptions): Promise<DrillReport> {
  const names = createFreshNames(options.dns);
  const clients = openClients(target, names);
  try {
    return await runDrill(target, options, names, clients);
  } finally {
    for (const client of Object.values(clients)) client.close();
    names.cancel();
  }
}

function openClients(target: DrillTarget, names: FreshNames): Clients {
  const { clusterEnabled, writeEndpoint, readEndpoint, primary } = target;
  return {
    writer: clusterEnabled
      ? createClusterClient(writeEndpoint, names, 'primaries')
      : createNodeClient(writeEndpoint, names),
    reader: clusterEnabled
      ? createClusterClient(readEndpoint, names, 'replicas')
      : createNodeClient(readEndpoint, names),
    member: createNodeClient(parseEndpoint(primary.endpoint), names),
  };
}

async function runDrill(
  target: DrillTarget,
  { kind, watchMs, url }: DrillOptions,
  names: FreshNames,
  clients: Clients,
): Promise<DrillReport> {
  const writer = createWriter(await tagOf(target, clients.member));
  const reads: Attempt[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  const traffic = [
    keepWriting(writer, clients.writer, signal),
    keepReading(reads, writer, clients.reader, signal),
  ];
  try {
    await warmUp(
      () => writer.acknowledged.length > 0,
      () => writer.attempts.at(-1)?.error,
    );
    const trigger = await prepareTrigger(kind, target, url, clients.member);
    const stalls = monitorEventLoopDelay({ resolution: 1 });
    stalls.enable();
    const calledAt = performance.now();
    const triggered = trigger();
    const accepted = triggered.then(() => performance.now());
    // Watches from the moment of the call: the primary may be gone before the API has answered.
    const watching = AbortSignal.any([signal, AbortSignal.timeout(watchMs)]);
    const nameLeft = whenNameLeaves(target.writeEndpoint, target.primary.address, names, watching);
    const healed = triggered.then(async (undo) => {
      if (!undo) return undefined;
      await apart(target, url, watchMs);
      await undo();
      return performance.now();
    });
    const replicaBack = healed.then(() => whenReplica(clients.member, watching));
    const [acceptedAt, healedAt, replicaBackAt] = await Promise.all([accepted, healed, replicaBack]);
    await delay(SETTLE_MS);
    stalls.disable();
    ending.abort();
    const namePointsAwayAt = await nameLeft;
    await Promise.all(traffic);
    const lost = await untilAnswered(() => countLost(writer, clients.writer));
    await deleteKeys(writer, clients.writer);
    return reportOf(
      { groupId: target.groupId, nodeGroupId: target.nodeGroupId, kind, member: target.primary.id },
      {
        calledAt,
        acceptedAt,
        writes: writer.attempts,
        reads,
        ...(healedAt !== undefined && { healedAt }),
        ...(namePointsAwayAt !== undefined && { namePointsAwayAt }),
        ...(replicaBackAt !== undefined && { replicaBackAt }),
        lost,
        ownStallMs: stalls.max / 1e6,
      },
    );
  } finally {
    ending.abort();
    await Promise.all(traffic);
  }
}

/** How long a partition lasts when nothing fails over. */
export const longestApartMs = (watchMs: number): number => watchMs / 2 + Math.min(SEEN_APART_MS, watchMs / 4);

/** Resolves a second after the record names another primary, or after `longestApartMs`. */
async function apart(target: DrillTarget, url: string, watchMs: number): Promise<void> {
  await whenReplaced(target, url, AbortSignal.timeout(watchMs / 2));
  await delay(Math.min(SEEN_APART_MS, watchMs / 4));
}

async function warmUp(hasWritten: () => boolean, lastError: () => string | undefined): Promise<void> {
  const deadline = performance.now() + FIRST_WRITE_TIMEOUT_MS;
  await delay(WARM_UP_MS);
  while (!hasWritten()) {
    if (performance.now() > deadline) {
      throw new OperationalError(
        'CommandFailed',
        `No write succeeds before the drill (${lastError() ?? 'no answer'}).`,
      );
    }
    await delay(COUNT_PACE_MS);
  }
}

/** All keys of a drill belong to its node group: returns a hash tag whose slot the group owns. */
async function tagOf(target: DrillTarget, member: EndpointClient): Promise<string> {
  const run = randomBytes(6).toString('hex');
  if (!target.clusterEnabled) return run;
  return await member.attempt(async (redis) => {
    const shards = (await redis.call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
    const own = shards.filter(([, , [address]]) => address === target.primary.address);
    for (let i = 0; i < 100_000; i++) {
      const tag = `${run}-${i}`;
      const slot = Number(await redis.call('CLUSTER', 'KEYSLOT', tag));
      if (own.some(([from, to]) => slot >= from && slot <= to)) return tag;
      if (own.length === 0) break;
    }
    throw new OperationalError('CommandFailed', `Node group ${target.nodeGroupId} owns no slots.`);
  });
}

/** Repeats a failed count: writes that could not be checked are not lost. */
async function untilAnswered(count: () => Promise<number>): Promise<number> {
  for (let tried = 1; ; tried++) {
    try {
      return await count();
    } catch (error) {
      if (tried === COUNT_TRIES) {
        throw new OperationalError(
          'TimedOut',
          'The node group does not answer; lost writes cannot be counted.',
          error,
        );
      }
      await delay(COUNT_PACE_MS);
    }
  }
}
