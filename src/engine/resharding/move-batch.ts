// One batch of slots from one shard to another: survey, open, carry the keys, close. Every step may run again.

import { type ShardLink, throwFirstError } from './links.ts';
import { setSlot } from './repair-slots.ts';
import { awaitReplicas } from './replica-views.ts';
import { MigrationInterrupted, type RefusedSlot } from './shards.ts';
import { countKeys, type KeyMover, moveKeys, type SizedKey, surveySlots } from './slot-keys.ts';

/** Passes over a batch until its slots are empty. Nothing can be added to an open slot, so two do in practice. */
const MAX_PASSES = 20;

export interface BatchLimits {
  /** AWS: items above 256 MB do not migrate. */
  maxKeyBytes: number;
}

export interface BatchOutcome {
  movedSlots: number;
  movedKeys: number;
  refused: RefusedSlot[];
}

/**
 * `isOpen`: the slots are open already and may hold keys at either end, so that none can be refused. Rejects with
 * MigrationInterrupted; the slots may then be open.
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

/** Bytes that the node may still take under its maxmemory. */
async function roomBytes(link: ShardLink): Promise<number> {
  const [info] = await link.run([['INFO', 'memory']]);
  throwFirstError(link.shardId, [info]);
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(String(info))?.[1] ?? 0);
  const maxmemory = field('maxmemory');
  return maxmemory === 0 ? Number.POSITIVE_INFINITY : Math.max(0, maxmemory - field('used_memory'));
}

/** The target's door opens before the source sends anybody there. */
async function openSlots(source: ShardLink, target: ShardLink, slots: readonly number[]): Promise<void> {
  await target.writeSlots(slots.map((slot) => setSlot(slot, 'IMPORTING', source.nodeId)));
  await source.writeSlots(slots.map((slot) => setSlot(slot, 'MIGRATING', target.nodeId)));
}

/** What came into the slots between the survey and their opening, and what the survey's moves passed over. */
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
 * The target claims the slots, and the source lets go only when the target's replicas know: whichever node dies in
 * between, somebody who holds the keys still claims them. All others learn from the cluster bus.
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
  // A node tells the whole cluster about each imported slot that it claims. Slots that are no longer marked as
  // imported are claimed in silence, and the news of the last one carries them all.
  const silent = slots.slice(0, -1).flatMap((slot) => [setSlot(slot, 'STABLE'), setSlot(slot, 'NODE', node)]);
  const commands = [['MULTI'], ...silent, setSlot(slots.at(-1)!, 'NODE', node), ['EXEC']];
  const replies = await target.run(commands, { commandsPerTrip: commands.length });
  throwFirstError(target.shardId, replies.flat());
}
