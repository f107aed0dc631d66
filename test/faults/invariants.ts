// What must be true whatever happens, checked beside the faults: writers, probes and a watch on the record from the
// start to the end, and everything else whenever things have settled. Knows no fault.

import assert from 'node:assert/strict';
import type { Group } from '../../src/services/elasticache/clusters/domain/model.ts';
import { slotsAreRight } from './cluster-right.ts';
import { describeIsRight } from './describe-right.ts';
import { endpointsAreRight, hostOf } from './endpoints-right.ts';
import type { MillpondProcess, Why } from './millpond-process.ts';
import { ask } from './session.ts';
import { type SingleWriterProbe, startSingleWriterProbe } from './single-writer.ts';
import { during, until } from './wait.ts';
import { startWriter, type Writer } from './writer.ts';

export interface ShardWatch {
  readonly shardId: string;
  readonly writer: Writer;
  readonly probe: SingleWriterProbe;
}

export interface Settled {
  /** From the call to when the group was as it should be. */
  tookMs: number;
}

export interface Invariants {
  readonly shards: readonly ShardWatch[];
  shard(id: string): ShardWatch;
  /** Waits until everything is as it should be, and checks all of it. */
  settled(options?: { acknowledgedBy?: number; limitMs?: number }): Promise<Settled>;
  /** With nothing to do nothing is done. Takes a few seconds; call when settled. */
  idles(): Promise<void>;
  /** All nodes of the shard are about to be killed: it may come back empty. */
  forgive(shardId: string): void;
  /** Slots are about to be moved: who accepts a shard's writes may change without a failover. */
  allowMoves(): void;
  stop(): Promise<void>;
}

const AVAILABLE_LIMIT_MS = 60_000;
const NAMES_LIMIT_MS = 2_000;
const DESCRIBE_LIMIT_MS = 5_000;
const RECORD_LIMIT_MS = 1_000;
const WATCH_EVERY_MS = 200;
/** A settled group is looked at every two seconds. */
const IDLE_WATCH_MS = 4_500;

/** The group exists and is available. */
export async function watchInvariants(millpond: MillpondProcess, groupId: string): Promise<Invariants> {
  const first = (await millpond.why(groupId))!.desired;
  const shards = await Promise.all(first.shards.map((shard) => watchShard(millpond, first, shard.id)));
  const startEpochs = epochsOf(first);
  const epochs = new Map(startEpochs);
  const violations: string[] = [];
  let moves = false;
  let stopped = false;

  async function watchRecord(): Promise<void> {
    while (!stopped) {
      await lookAtRecord().catch(() => undefined);
      await during(WATCH_EVERY_MS);
    }
  }

  /** Looks may overlap, and answers overtake one another: each is held against what was known when it began. */
  async function lookAtRecord(): Promise<Why | undefined> {
    const known = new Map(epochs);
    const why = await millpond.why(groupId);
    if (why) noteRecord(why.desired, known);
    return why;
  }

  function noteRecord(group: Group, known: ReadonlyMap<string, number>): void {
    for (const [shardId, epoch] of epochsOf(group)) {
      const before = known.get(shardId) ?? 0;
      if (epoch < before) violations.push(`the epoch of ${shardId} went back from ${before} to ${epoch}`);
      epochs.set(shardId, Math.max(epoch, epochs.get(shardId) ?? 0));
    }
    for (const { shardId, probe } of shards) probe.look(membersOf(group, shardId, moves));
  }

  /** The record is written a moment after the promotion that it tells of. */
  async function checkSingleWriters(): Promise<void> {
    for (const { shardId, probe } of shards) {
      const { length } = probe.changes;
      const told = probe.changes.join('; ');
      violations.push(...probe.violations);
      if (moves) continue;
      await until('each other node that accepts writes came by a failover', RECORD_LIMIT_MS, async () => {
        await lookAtRecord();
        const failovers = epochs.get(shardId)! - startEpochs.get(shardId)!;
        return length <= failovers || `${shardId}: ${failovers} failovers, and yet ${told}`;
      });
    }
  }

  noteRecord(first, epochs);
  const watching = watchRecord();
  return {
    shards,
    shard: (id) => shards.find(({ shardId }) => shardId === id)!,
    async settled({ acknowledgedBy = 1, limitMs = AVAILABLE_LIMIT_MS } = {}) {
      const tookMs = await until(`${groupId} is as it should be`, limitMs, async () => {
        const why = await lookAtRecord();
        return why ? isAtRest(why) : 'it does not exist';
      });
      const group = await millpond.group(groupId);
      await until('every name is right', NAMES_LIMIT_MS, async () =>
        endpointsAreRight(await millpond.group(groupId), millpond.resolver),
      );
      await until('Describe says what is', DESCRIBE_LIMIT_MS, () => describeIsRight(millpond, groupId));
      if (group.clusterEnabled) {
        const addresses = group.members.map(({ address }) => address);
        await until('every slot has one owner', DESCRIBE_LIMIT_MS, () =>
          slotsAreRight(addresses, first.port),
        );
      }
      await Promise.all(shards.map(({ writer }) => writer.nextWrite(NAMES_LIMIT_MS)));
      for (const { writer } of shards) {
        assert.deepEqual(await writer.missing(acknowledgedBy), [], 'acknowledged writes are lost');
      }
      await checkSingleWriters();
      assert.deepEqual(violations, []);
      return { tookMs };
    },
    async idles() {
      const acting = () => millpond.logLines().filter(({ msg }) => msg === 'acting');
      const before = acting();
      await during(IDLE_WATCH_MS);
      assert.deepEqual(acting().slice(before.length), [], 'an action is done though nothing happens');
    },
    forgive(shardId) {
      const { writer, probe } = shards.find((shard) => shard.shardId === shardId)!;
      writer.forgive();
      probe.forgive();
    },
    allowMoves() {
      moves = true;
    },
    async stop() {
      stopped = true;
      await Promise.all(shards.flatMap(({ writer, probe }) => [writer.stop(), probe.stop()]));
      await watching;
    },
  };
}

async function watchShard(millpond: MillpondProcess, group: Group, shardId: string): Promise<ShardWatch> {
  const { endpoints } = await millpond.group(group.id);
  const host = hostOf(endpoints.primary ?? endpoints.configuration!);
  const tag = group.clusterEnabled ? await tagIn(group, shardId) : 'only';
  const writer = startWriter({
    tag,
    port: group.port,
    replicas: group.shards.find(({ id }) => id === shardId)!.members.length - 1,
    resolve: () => millpond.resolver.resolve4(host),
  });
  return { shardId, writer, probe: startSingleWriterProbe(tag) };
}

async function tagIn(group: Group, shardId: string): Promise<string> {
  const { slots, members } = group.shards.find(({ id }) => id === shardId)!;
  for (let number = 0; ; number++) {
    const tag = `t${number}`;
    const slot = Number(await ask(members[0]!.address, group.port, 'CLUSTER', 'KEYSLOT', tag));
    if (slots.some(([from, to]) => slot >= from && slot <= to)) return tag;
  }
}

/** After an orderly end phases say nothing of whether the processes are there again. */
function isAtRest({ desired: group, observed, plan }: Why): true | string {
  if (group.status !== 'available') return `it is ${group.status}`;
  if (group.change) return `its change goes on: ${JSON.stringify(group.change)}`;
  for (const shard of group.shards) {
    if (shard.handover) return `a handover goes on: ${JSON.stringify(shard.handover)}`;
    const late = shard.members.find(({ phase }) => phase !== 'available');
    if (late) return `${late.id} is ${late.phase}`;
  }
  for (const [id, { state, view }] of Object.entries(observed)) {
    if (state !== 'running' || !view) return `${id} is ${state}`;
    if (view.cluster?.state === 'fail') return `the cluster is down by the account of ${id}`;
  }
  return plan.length === 0 || `the plan is ${plan}`;
}

const epochsOf = (group: Group) => new Map(group.shards.map(({ id, epoch }) => [id, epoch]));

/** Once slots may move, any node may have the shard's slot. */
function membersOf(group: Group, shardId: string, anywhere: boolean) {
  const shards = group.shards.filter(({ id }) => anywhere || id === shardId);
  return shards.flatMap(({ members }) => members.map(({ address }) => ({ address, port: group.port })));
}
