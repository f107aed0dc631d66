// Putting ownership and open slots right from what the engines say: after a crash of Millpond in the middle of a
// migration, and after every promotion (Redis 7 forgets a shard's open slots with its primary, and may name a dead
// owner for ever). Moves no key.

import type { ClusterView } from './cluster-view.ts';
import { judgeSlots, type ShardEvidence, type SlotVerdict } from './judge-slots.ts';
import type { Command, Links, ShardLink } from './links.ts';
import { openLinks, throwFirstError } from './links.ts';
import type { MigrationShards, SlotMove } from './shards.ts';
import { countKeys } from './slot-keys.ts';

const SLOT_COUNT = 16_384;

export interface RepairOptions {
  /** All shards of the cluster, with the primaries that they have now. */
  shards: MigrationShards;
  /** Who has a slot by the record, for slots that no engine ascribes to any shard. */
  recordedOwner?: (slot: number) => string | undefined;
  signal?: AbortSignal;
}

export interface RepairReport {
  /** Slots about whose owner somebody was wrong. */
  reassigned: number;
  /** Slots that are open now, marked so at both ends: keys may lie at either. A migration finishes them first. */
  open: SlotMove[];
}

/** Idempotent. Rejects with MigrationInterrupted when a primary is away, or is none. */
export async function repairSlots(options: RepairOptions): Promise<RepairReport> {
  const links = await openLinks(options.shards);
  try {
    return await repairOver(links, options);
  } finally {
    links.close();
  }
}

/** `repairSlots` over connections that are there already. */
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
 * The owner first, so that a slot is never nobody's; then whoever thinks otherwise; and only when nobody does any
 * more, new epochs for the owners. A node that still claimed a slot wrongly would win it with a new epoch, and the
 * slot's owner would delete the keys.
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
    // Of a slot marked as imported the claim would raise the epoch at once.
    await link.writeSlots(unclaimed.map(({ slot }) => setSlot(slot, 'STABLE')));
    await link.writeSlots(unclaimed.map(({ slot }) => setSlot(slot, 'NODE', link.nodeId)));
  }
  await eachLink(links, async (link) => {
    const { view, contestedKeys } = evidence.get(link.shardId)!;
    const wrong = disputed.filter(
      ({ slot, owner }) => owner !== link.shardId && view.owners.get(slot) !== links.get(owner).nodeId,
    );
    // A node does not let go of a slot with keys in it; they are moved to the owner's later, as an open slot's.
    const clung = wrong.filter(
      ({ slot }) => view.owners.get(slot) === link.nodeId && contestedKeys.has(slot),
    );
    if (clung.length > 0) await link.run(clung.map(({ slot }) => ['CLUSTER', 'DELSLOTS', slot]));
    await link.writeSlots(wrong.map(({ slot, owner }) => setSlot(slot, 'NODE', links.get(owner).nodeId)));
  });
  // With a newer epoch than anybody's the cluster bus carries the claims everywhere, to replicas too.
  for (const link of owners) throwFirstError(link.shardId, await link.run([['CLUSTER', 'BUMPEPOCH']]));
}

/** Wrong marks go, then the target's comes before the source's: clients sent on must find an open door. */
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

export const setSlot = (slot: number, ...words: string[]): Command => ['CLUSTER', 'SETSLOT', slot, ...words];
