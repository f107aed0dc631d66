// Who owns each slot, and which slots are on their way, judged by what the engines say and hold. Pure: after a crash
// of any of them this is the only record, and a better one than Millpond could keep.

import type { ClusterView } from './cluster-view.ts';

export interface ShardEvidence {
  shardId: string;
  /** What the shard's current primary says. */
  view: ClusterView;
  /** Keys that lie there in slots that this primary is not alone in claiming, by slot; empty slots are left out. */
  contestedKeys: ReadonlyMap<number, number>;
}

export interface SlotVerdict {
  slot: number;
  owner: string;
  /** Some primary believes something else about the owner, or the owner itself does not know. */
  disputed: boolean;
  /** Where the slot's keys go; absent for a slot that rests. */
  to?: string;
  /** The slot is marked as open (or not) otherwise than the verdict has it. */
  misMarked: boolean;
}

export interface JudgeOptions {
  shardOf(nodeId: string | undefined): string | undefined;
  /** Who should have a slot that no engine ascribes to anybody; from the record. */
  recordedOwner?: ((slot: number) => string | undefined) | undefined;
  slotCount: number;
}

/** All slots about which something is to be done; of the others every primary says the same. */
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
 * A primary that claims the slot for itself owns it. Of two, the one that holds the slot's keys, else the one with
 * the newer claim: a promoted replica may not have heard that its shard had handed the slot over. If none does, a
 * shard to whose dead member others ascribe it: the newest such claim.
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

/** Whoever holds keys of a slot that is not its own was being given it; else the marks tell. */
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
