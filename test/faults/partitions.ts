// A zone that is cut off while clients in all zones write: what is cut, for how long, and whether Millpond is killed
// meanwhile, comes from the seed.

import assert from 'node:assert/strict';
import { DescribeEventsCommand } from '@aws-sdk/client-elasticache';
import type { Cut } from '../../src/network/cuts/cut.ts';
import type { Group } from '../../src/services/elasticache/clusters/domain/model.ts';
import type { MillpondProcess, Why } from './millpond-process.ts';
import { createGroup, type GROUPS, isAvailable } from './program.ts';
import { type Random, seededRandom } from './random.ts';
import { during, until } from './wait.ts';
import { startZoneClients, type ZoneClients } from './zone-clients.ts';
import type { Report } from './zone-clients-program.ts';

/** Whole again means that every link is up and every member in service. */
const WHOLE_WITHIN_MS = 10_000;
const WRITES_WITHIN_MS = 10_000;
const AWAY_MS = 4_500;
const GROUP_ID = 'demo';
/** Shorter than in use, so that more cuts fit into a minute. */
export const DETECTION_MS = 600;

/** One group under one cut after another. */
export async function underCuts(
  millpond: MillpondProcess,
  kind: keyof typeof GROUPS,
  seeds: readonly number[],
  tell: (line: string) => void,
): Promise<void> {
  await createGroup(millpond, GROUP_ID, kind);
  await isAvailable(millpond, GROUP_ID);
  const clients = await startZoneClients(millpond, GROUP_ID);
  try {
    const first = await recordOf(millpond);
    for (const seed of seeds) {
      try {
        tell(`seed ${seed}: ${await cutOnce(millpond, clients, first, seededRandom(seed))}`);
      } catch (error) {
        tell(`seed ${seed} failed`);
        throw error;
      }
    }
  } finally {
    await clients.stop();
  }
}

async function cutOnce(
  millpond: MillpondProcess,
  clients: ZoneClients,
  first: Group,
  random: Random,
): Promise<string> {
  await clients.call('write', WRITES_WITHIN_MS);
  await clients.call('report');
  const before = await recordOf(millpond);
  const cut = drawCut(before, random);
  const isKilled = random.below(4) === 0;
  // Long enough for an election of the engines, in cluster mode.
  const awayMs = random.pick([0, AWAY_MS]);
  const firstMs = random.pick([100, cut.holdMs / 2]);
  const { id } = await requestFault<Cut>(millpond, 'POST', '', cut);
  const watching = watchAddresses(millpond, clients);
  await during(firstMs);
  if (isKilled) {
    await millpond.kill9();
    await during(awayMs);
    await millpond.start();
  }
  await during(cut.holdMs - firstMs);
  if (cut.forMs === undefined) await requestFault(millpond, 'DELETE', `/${id}`);
  else
    await until('the cut ends by itself', WHOLE_WITHIN_MS, async () => (await faults(millpond)).length === 0);
  let earlier: Why | undefined;
  const wholeMs = await until('everything is whole', WHOLE_WITHIN_MS, async () => {
    const now = (await millpond.why(GROUP_ID))!;
    const verdict = isWhole(now, (earlier ??= now));
    if (verdict === true) return now !== earlier;
    return verdict;
  });
  await clients.call('write', WRITES_WITHIN_MS);
  watching.end();
  await watching.ended;
  const after = await recordOf(millpond);
  assert.deepEqual(await clients.call('missing'), [], 'acknowledged and replicated writes are lost');
  const report = await clients.call('report');
  await checkSingleWriters(millpond, report, first);
  const gap = Math.max(...Object.values(report.writers).map(({ gapMs }) => gapMs));
  const failovers = after.shards.filter(({ epoch }, index) => epoch > before.shards[index]!.epoch).length;
  const what = `${cut.from} from ${cut.to ?? 'everything'}${cut.oneWay ? ' one way' : ''} for ${cut.holdMs} ms`;
  return `${what}${isKilled ? `, Millpond dead for ${awayMs} ms` : ''}: ${failovers} failovers, whole after ${wholeMs.toFixed(0)} ms, longest gap of a writer ${gap.toFixed(0)} ms`;
}

/** A zone, a node or two zones, for less or more time than a failover takes. */
function drawCut({ shards }: Group, random: Random) {
  const members = shards.flatMap((shard) => shard.members);
  const { primaryId } = random.pick(shards);
  const primary = members.find(({ id }) => id === primaryId)!;
  const zones = [...new Set(members.map(({ zone }) => zone))];
  const zone = random.below(3) > 0 ? primary.zone : random.pick(zones);
  const ends = random.pick<{ from: string; to?: string }>([
    { from: zone },
    { from: zone },
    { from: primary.id },
    { from: zone, to: random.pick(zones.filter((other) => other !== zone)) },
  ]);
  const holdMs = random.pick([DETECTION_MS / 2, 2 * DETECTION_MS, 5 * DETECTION_MS]);
  const endsByItself = random.below(2) === 0;
  return { ...ends, oneWay: random.below(4) === 0, holdMs, ...(endsByItself && { forMs: holdMs }) };
}

/** A failed primary comes back at another address. */
function watchAddresses(millpond: MillpondProcess, clients: ZoneClients) {
  let isOver = false;
  const look = async () => {
    while (!isOver) {
      await recordOf(millpond)
        .then((group) => clients.look(group))
        .catch(() => undefined);
      await during(100);
    }
  };
  return { ended: look(), end: () => (isOver = true) };
}

/** Also that each replica has what its primary had at an `earlier` look: a link may be up and stalled. */
function isWhole({ desired, observed, plan, waits }: Why, earlier: Why): true | string {
  if (plan.length > 0 || waits.length > 0) return `${[...plan, ...waits]}`;
  for (const shard of desired.shards) {
    if (shard.handover || shard.promoted) return `the primary of ${shard.id} is changing`;
    for (const { id, phase } of shard.members) {
      const { state, view, isolatedSince, detached } = observed[id]!;
      if (phase !== 'available' || state !== 'running' || !view) return `${id} is ${phase} and ${state}`;
      if (isolatedSince !== undefined || detached) return `${id} is cut off`;
      if (view.link !== 'up' || view.loading) return `${id} is not in sync`;
      if (view.cluster?.state === 'fail') return `${id} sees its cluster as down`;
      const had = earlier.observed[shard.primaryId]?.view;
      if (had?.replicationId === view.replicationId && view.offset < had.offset) return `${id} lags behind`;
    }
  }
  return true;
}

/** At most one node of a shard takes writes: each other one came by a failover. */
async function checkSingleWriters(
  millpond: MillpondProcess,
  { shards }: Report,
  first: Group,
): Promise<void> {
  const now = await recordOf(millpond);
  for (const { id, epoch } of now.shards) {
    const { changes, violations } = shards[id]!;
    assert.deepEqual(violations, []);
    const failovers = epoch - first.shards.find((shard) => shard.id === id)!.epoch;
    assert.ok(changes.length <= failovers, `${id}: ${failovers} failovers, and yet ${changes.join('; ')}`);
  }
}

const recordOf = async (millpond: MillpondProcess): Promise<Group> => (await millpond.why(GROUP_ID))!.desired;

const faults = async (millpond: MillpondProcess): Promise<Cut[]> =>
  (await requestFault<{ cuts: Cut[] }>(millpond, 'GET', '')).cuts;

export async function requestFault<T>(
  { url }: MillpondProcess,
  method: string,
  path: string,
  cut?: { from: string; to?: string; oneWay?: boolean; forMs?: number },
): Promise<T> {
  const { from, to, oneWay, forMs } = cut ?? {};
  const answer = await fetch(`${url}/_millpond/faults${path}`, {
    method,
    ...(cut && { body: JSON.stringify({ from, to, oneWay, forMs }) }),
    signal: AbortSignal.timeout(20_000),
  });
  const body = (await answer.json()) as T & { error?: string };
  assert.ok(answer.ok, body.error);
  return body;
}

/** The failovers that the events tell of, for a message. */
export async function eventsOf({ elasticache }: MillpondProcess): Promise<string[]> {
  const { Events = [] } = await elasticache.send(new DescribeEventsCommand({ Duration: 60 }));
  return Events.map(({ SourceIdentifier, Message }) => `${SourceIdentifier}: ${Message}`);
}
