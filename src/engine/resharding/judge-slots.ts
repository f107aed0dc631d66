// Decides who owns each slot and which slots are moving, from what the engines report and hold. Pure. After a crash
// this is the only record, and it is more reliable than one that Millpond could keep.

import type { ClusterView } from './cluster-view.ts';

/** What one shard reports and holds. */
export interface ShardEvidence {
  shardId: string;
  /** The cluster as the shard's current primary sees it. */
  view: ClusterView;
  /**
   * The number of keys, by slot, that this primary holds in slots that it does not alone claim; empty slots are left
   * out.
   */
  contestedKeys: ReadonlyMap<number, number>;
}

/** The decision about one slot, with shard ids. */
export interface SlotVerdict {
  slot: number;
  owner: string;
  /** Some primary names another owner, or the owner itself does not claim the slot. */
  disputed: boolean;
  /** The shard that the slot moves to; absent for a slot that does not move. */
  to?: string;
  /** Some primary's migrating or importing mark differs from this verdict. */
  misMarked: boolean;
}

export interface JudgeOptions {
  shardOf(nodeId: string | undefined): string | undefined;
  /** The recorded owner of a slot that no engine ascribes to any shard. */
  recordedOwner?: ((slot: number) => string | undefined) | undefined;
  slotCount: number;
}

/** The slots that need work. All primaries agree about the others. */
export function judgeSlots(evidence: readonly ShardEvidence[], options: JudgeOptions): SlotVerdict[] {
  const verdicts: SlotVerdict[] = [];
  for (let slot = 0; slot < options.slotCount; slot++) {
    const verdict = judgeSlot(slot, evidence, options);
    if (verdict && (verdict.disputed || verdict.to !== undefined || verdict.misMarked))
      verdicts.push(verdict);
  }
  return verdicts;
}

function judgeSlot(
  slot: number,
  evidence: readonly ShardEvidence[],
  options: JudgeOptions,
): SlotVerdict | undefined {
  const owner = ownerOf(slot, evidence, options);
  if (owner === undefined) return undefined;
  const ownerNode = evidence.find(({ shardId }) => shardId === owner)?.view.self.id;
  if (ownerNode === undefined) return undefined;
  const disputed = evidence.some(({ view }) => view.owners.get(slot) !== ownerNode);
  const to = destinationOf(slot, owner, evidence, options);
  const misMarked = evidence.some(({ shardId, view }) => {
    const target = evidence.find((shard) => shard.shardId === to)?.view.self.id;
    const migrating = shardId === owner ? target : undefined;
    const importing = shardId === to ? ownerNode : undefined;
    return view.migrating.get(slot) !== migrating || view.importing.get(slot) !== importing;
  });
  return { slot, owner, disputed, misMarked, ...(to !== undefined && { to }) };
}

/**
 * A primary that claims the slot owns it. If several claim it, the one that holds the slot's keys wins, else the one
 * with the newer epoch: a promoted replica may not have heard that its shard had given the slot away. If none claims
 * it, the shard whose dead member others name as owner wins; the highest epoch decides.
 */
function ownerOf(
  slot: number,
  evidence: readonly ShardEvidence[],
  options: JudgeOptions,
): string | undefined {
  const claimants = evidence.filter(({ view }) => view.owners.get(slot) === view.self.id);
  const [best] = claimants.toSorted(
    (a, b) =>
      Number(b.contestedKeys.has(slot)) - Number(a.contestedKeys.has(slot)) ||
      b.view.self.epoch - a.view.self.epoch,
  );
  if (best) return best.shardId;

  let ascribed: { shardId: string; epoch: number } | undefined;
  for (const { view } of evidence) {
    const node = view.nodes.get(view.owners.get(slot) ?? '');
    const shardId = options.shardOf(node?.id);
    if (!node || shardId === undefined) continue;
    if (!ascribed || node.epoch > ascribed.epoch) ascribed = { shardId, epoch: node.epoch };
  }
  return ascribed?.shardId ?? options.recordedOwner?.(slot);
}

/** A shard that holds keys of another shard's slot was importing it; otherwise the marks decide. */
function destinationOf(
  slot: number,
  owner: string,
  evidence: readonly ShardEvidence[],
  options: JudgeOptions,
): string | undefined {
  const others = evidence.filter(({ shardId }) => shardId !== owner);
  const holder = others.find(({ contestedKeys }) => contestedKeys.has(slot));
  if (holder) return holder.shardId;
  const importer = others.find(({ view }) => options.shardOf(view.importing.get(slot)) === owner);
  if (importer) return importer.shardId;
  const migrating = evidence.find(({ shardId }) => shardId === owner)?.view.migrating.get(slot);
  const marked = options.shardOf(migrating);
  return marked === owner ? undefined : marked;
}
