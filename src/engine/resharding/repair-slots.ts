// Repairs the ownership and the marks of slots from what the engines report: after a crash of Millpond during a
// migration, and after every promotion (with its primary, a shard of Redis 7 loses its marks, and others may name a
// dead owner for ever). Moves no key.

import type { ClusterView } from './cluster-view.ts';
import { judgeSlots, type ShardEvidence, type SlotVerdict } from './judge-slots.ts';
import type { Command, Links, ShardLink } from './links.ts';
import { openLinks, throwFirstError } from './links.ts';
import type { MigrationShards, SlotMove } from './shards.ts';
import { countKeys } from './slot-keys.ts';

const SLOT_COUNT = 16_384;

/** What a repair works on. */
export interface RepairOptions {
  /** All shards of the cluster with their current primaries. */
  shards: MigrationShards;
  /** The recorded owner of a slot that no engine ascribes to any shard. */
  recordedOwner?: (slot: number) => string | undefined;
  signal?: AbortSignal;
}

/** What a repair found. */
export interface RepairReport {
  /** The number of slots whose owner some primary had wrong. */
  reassigned: number;
  /** Slots that are open now, marked on both sides. Either side may hold keys. A migration finishes them first. */
  open: SlotMove[];
}

/** Idempotent. Rejects with MigrationInterrupted when a primary is away or is no longer a primary. */
export async function repairSlots(options: RepairOptions): Promise<RepairReport> {
  const links = await openLinks(options.shards);
  try {
    return await repairOver(links, options);
  } finally {
    links.close();
  }
}

/** `repairSlots` over open connections. */
export async function repairOver(
  links: Links,
  options: Pick<RepairOptions, 'recordedOwner' | 'signal'>,
): Promise<RepairReport> {
  const evidence = await gatherEvidence(links);
  const verdicts = judgeSlots(evidence, {
    shardOf: links.shardOf,
    recordedOwner: options.recordedOwner,
    slotCount: SLOT_COUNT,
  });
  options.signal?.throwIfAborted();
  const views = new Map(evidence.map((shard) => [shard.shardId, shard]));
  await settleOwners(links, verdicts, views);
  options.signal?.throwIfAborted();
  await settleMarks(links, verdicts, views);
  return {
    reassigned: verdicts.filter(({ disputed }) => disputed).length,
    open: groupMoves(verdicts),
  };
}

async function gatherEvidence(links: Links): Promise<ShardEvidence[]> {
  const views = await Promise.all(links.all.map((link) => link.view()));
  const claims = new Uint16Array(SLOT_COUNT);
  for (const view of views) {
    for (const [slot, id] of view.owners) if (id === view.self.id) claims[slot]!++;
  }
  return Promise.all(
    links.all.map(async (link, index) => {
      const view = views[index]!;
      const isOwn = (slot: number) => claims[slot] === 1 && view.owners.get(slot) === view.self.id;
      const asked = Array.from({ length: SLOT_COUNT }, (_, slot) => slot).filter((slot) => !isOwn(slot));
      const counts = await countKeys(link, asked);
      const held = asked.map((slot, i) => [slot, counts[i]!] as const).filter(([, keys]) => keys > 0);
      return { shardId: link.shardId, view, contestedKeys: new Map(held) };
    }),
  );
}

type Evidence = ReadonlyMap<string, ShardEvidence>;

/**
 * Writes the owner first, so that a slot is never without one; then the nodes that name another owner; and only when
 * none is left, new epochs for the owners. With a new epoch, a node with a wrong claim would win the slot, and its
 * owner would delete the keys.
 */
async function settleOwners(
  links: Links,
  verdicts: readonly SlotVerdict[],
  evidence: Evidence,
): Promise<void> {
  const disputed = verdicts.filter((verdict) => verdict.disputed);
  if (disputed.length === 0) return;
  const owners = links.all.filter(({ shardId }) => disputed.some(({ owner }) => owner === shardId));
  for (const link of owners) {
    const { view } = evidence.get(link.shardId)!;
    const unclaimed = disputed.filter(
      ({ slot, owner }) => owner === link.shardId && view.owners.get(slot) !== link.nodeId,
    );
    // Claiming a slot that is marked as importing would raise the epoch at once.
    await link.writeSlots(unclaimed.map(({ slot }) => setSlot(slot, 'STABLE')));
    await link.writeSlots(unclaimed.map(({ slot }) => setSlot(slot, 'NODE', link.nodeId)));
  }
  await eachLink(links, async (link) => {
    const { view, contestedKeys } = evidence.get(link.shardId)!;
    const wrong = disputed.filter(
      ({ slot, owner }) => owner !== link.shardId && view.owners.get(slot) !== links.get(owner).nodeId,
    );
    // A node does not give up a slot that has keys with SETSLOT. The keys move to the owner later, as an open slot's.
    const clung = wrong.filter(
      ({ slot }) => view.owners.get(slot) === link.nodeId && contestedKeys.has(slot),
    );
    if (clung.length > 0) await link.run(clung.map(({ slot }) => ['CLUSTER', 'DELSLOTS', slot]));
    await link.writeSlots(wrong.map(({ slot, owner }) => setSlot(slot, 'NODE', links.get(owner).nodeId)));
  });
  // The newest epoch makes the cluster bus spread the claims to all nodes, replicas included.
  for (const link of owners) throwFirstError(link.shardId, await link.run([['CLUSTER', 'BUMPEPOCH']]));
}

/** Removes wrong marks, then marks the target before the source: the target must accept redirected clients. */
async function settleMarks(
  links: Links,
  verdicts: readonly SlotVerdict[],
  evidence: Evidence,
): Promise<void> {
  const misMarked = verdicts.filter((verdict) => verdict.misMarked || verdict.disputed);
  if (misMarked.length === 0) return;
  await eachLink(links, (link) => {
    const { view } = evidence.get(link.shardId)!;
    const stale = misMarked.filter(({ slot, owner, to }) => isStale(links, view, { slot, owner, to }, link));
    return link.writeSlots(stale.map(({ slot }) => setSlot(slot, 'STABLE')));
  });
  const open = misMarked.filter(({ to }) => to !== undefined);
  await eachLink(links, (link) => {
    const incoming = open.filter(({ to }) => to === link.shardId);
    return link.writeSlots(
      incoming.map(({ slot, owner }) => setSlot(slot, 'IMPORTING', links.get(owner).nodeId)),
    );
  });
  await eachLink(links, (link) => {
    const outgoing = open.filter(({ owner }) => owner === link.shardId);
    return link.writeSlots(outgoing.map(({ slot, to }) => setSlot(slot, 'MIGRATING', links.get(to!).nodeId)));
  });
}

function isStale(
  links: Links,
  view: ClusterView,
  { slot, owner, to }: { slot: number; owner: string; to?: string | undefined },
  link: ShardLink,
): boolean {
  const migrating = view.migrating.get(slot);
  const importing = view.importing.get(slot);
  const goesTo = owner === link.shardId && to !== undefined ? links.get(to).nodeId : undefined;
  const comesFrom = to === link.shardId ? links.get(owner).nodeId : undefined;
  return (
    (migrating !== undefined && migrating !== goesTo) || (importing !== undefined && importing !== comesFrom)
  );
}

function groupMoves(verdicts: readonly SlotVerdict[]): SlotMove[] {
  const moves = new Map<string, { from: string; to: string; slots: number[] }>();
  for (const { slot, owner, to } of verdicts) {
    if (to === undefined) continue;
    const key = `${owner} ${to}`;
    const move = moves.get(key) ?? { from: owner, to, slots: [] };
    moves.set(key, move);
    move.slots.push(slot);
  }
  return [...moves.values()];
}

async function eachLink(links: Links, work: (link: ShardLink) => Promise<unknown>): Promise<void> {
  await Promise.all(links.all.map(work));
}

/** The command CLUSTER SETSLOT. */
export const setSlot = (slot: number, ...words: string[]): Command => ['CLUSTER', 'SETSLOT', slot, ...words];
