// Moves one batch of slots from one shard to another: survey, open, move the keys, close. Every step may be repeated.

import { type ShardLink, throwFirstError } from './links.ts';
import { setSlot } from './repair-slots.ts';
import { awaitReplicas } from './replica-views.ts';
import { MigrationInterrupted, type RefusedSlot } from './shards.ts';
import { countKeys, type KeyMover, moveKeys, type SizedKey, surveySlots } from './slot-keys.ts';

/**
 * The limit of passes over a batch until its slots are empty. Clients cannot add keys to an open slot, so two are
 * enough in practice.
 */
const MAX_PASSES = 20;

export interface BatchLimits {
  /** AWS: items above 256 MB do not migrate. */
  maxKeyBytes: number;
}

/** What one batch moved, and the slots that it refused to move. */
export interface BatchOutcome {
  movedSlots: number;
  movedKeys: number;
  refused: RefusedSlot[];
}

/**
 * Moves a batch. `isOpen`: the slots are open already and may have keys on both sides, so none can be refused.
 * Rejects with MigrationInterrupted; the slots may then be open.
 */
export async function moveBatch(
  mover: KeyMover,
  slots: readonly number[],
  isOpen: boolean,
  limits: BatchLimits,
): Promise<BatchOutcome> {
  const { source, target } = mover;
  const [surveyed, room] = await Promise.all([surveySlots(source, slots), roomBytes(target)]);
  const refused = isOpen ? [] : refuse(mover, slots, surveyed, room, limits);
  const refusedSlots = new Set(refused.map(({ slot }) => slot));
  const taken = slots.filter((slot) => !refusedSlots.has(slot));
  if (taken.length === 0) return { movedSlots: 0, movedKeys: 0, refused };
  mover.signal?.throwIfAborted();

  if (!isOpen) await openSlots(source, target, taken);
  let movedKeys = await moveKeys(
    mover,
    surveyed.filter((_, index) => !refusedSlots.has(slots[index]!)),
  );
  movedKeys += await drain(mover, taken);
  await closeSlots(source, target, taken, mover.signal);
  return { movedSlots: taken.length, movedKeys, refused };
}

function refuse(
  { source, target }: KeyMover,
  slots: readonly number[],
  surveyed: readonly SizedKey[][],
  room: number,
  limits: BatchLimits,
): RefusedSlot[] {
  const refused: RefusedSlot[] = [];
  let left = room;
  for (const [index, slot] of slots.entries()) {
    const where = { slot, from: source.shardId, to: target.shardId };
    const biggest = Math.max(0, ...surveyed[index]!.map(({ bytes }) => bytes));
    const bytes = surveyed[index]!.reduce((sum, key) => sum + key.bytes, 0);
    if (biggest > limits.maxKeyBytes) {
      const detail = `slot ${slot} holds a key of ${biggest} bytes; at most ${limits.maxKeyBytes} can be moved`;
      refused.push({ ...where, reason: 'KeyTooBig', detail });
    } else if (bytes > left) {
      const detail = `slot ${slot} holds ${bytes} bytes; shard ${target.shardId} has room for ${left} more`;
      refused.push({ ...where, reason: 'TargetFull', detail });
    } else {
      left -= bytes;
    }
  }
  return refused;
}

/** The bytes that the node may still use under its maxmemory. */
async function roomBytes(link: ShardLink): Promise<number> {
  const [info] = await link.run([['INFO', 'memory']]);
  throwFirstError(link.shardId, [info]);
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(String(info))?.[1] ?? 0);
  const maxmemory = field('maxmemory');
  return maxmemory === 0 ? Number.POSITIVE_INFINITY : Math.max(0, maxmemory - field('used_memory'));
}

/** The target must accept ASKING before the source redirects clients to it. */
async function openSlots(source: ShardLink, target: ShardLink, slots: readonly number[]): Promise<void> {
  await target.writeSlots(slots.map((slot) => setSlot(slot, 'IMPORTING', source.nodeId)));
  await source.writeSlots(slots.map((slot) => setSlot(slot, 'MIGRATING', target.nodeId)));
}

/** Moves the keys that were added between the survey and the opening, and those that the first pass missed. */
async function drain(mover: KeyMover, slots: readonly number[]): Promise<number> {
  let moved = 0;
  let left = slots;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const counts = await countKeys(mover.source, left);
    left = left.filter((_, index) => counts[index]! > 0);
    if (left.length === 0) return moved;
    moved += await moveKeys(mover, await surveySlots(mover.source, left));
  }
  throw new MigrationInterrupted(
    `slots ${left.join(', ')} of shard ${mover.source.shardId} do not become empty`,
    mover.source.shardId,
  );
}

/**
 * The target claims the slots, and the source gives them up only once the target's replicas know: if either node dies
 * in between, a node that holds the keys still claims them. The cluster bus tells all others.
 */
async function closeSlots(
  source: ShardLink,
  target: ShardLink,
  slots: readonly number[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await claim(target, slots);
  await awaitReplicas(target, slots, signal);
  await source.writeSlots(slots.map((slot) => setSlot(slot, 'NODE', target.nodeId)));
}

async function claim(target: ShardLink, slots: readonly number[]): Promise<void> {
  const node = target.nodeId;
  if (!target.batchesSlots || slots.length === 1) {
    return target.writeSlots(slots.map((slot) => setSlot(slot, 'NODE', node)));
  }
  // A node broadcasts each imported slot that it claims. It claims slots that are no longer marked as importing
  // without a broadcast, and the broadcast of the last one carries them all.
  const silent = slots.slice(0, -1).flatMap((slot) => [setSlot(slot, 'STABLE'), setSlot(slot, 'NODE', node)]);
  const commands = [['MULTI'], ...silent, setSlot(slots.at(-1)!, 'NODE', node), ['EXEC']];
  const replies = await target.run(commands, { commandsPerTrip: commands.length });
  throwFirstError(target.shardId, replies.flat());
}
