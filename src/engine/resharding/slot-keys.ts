// Lists and measures the keys of a slot, and moves them with MIGRATE. Does not change who owns a slot.

import { setTimeout as delay } from 'node:timers/promises';
import { type Argument, EngineError } from '../admin.ts';
import { type Command, type ShardLink, throwFirstError } from './links.ts';
import { type Credentials, MigrationInterrupted } from './shards.ts';

/** A key and its size. */
export interface SizedKey {
  key: Buffer;
  /** Bytes in the source's memory; 0 when the key no longer exists. */
  bytes: number;
}

/** Limits of MIGRATE commands; a trip is one round trip. */
export interface KeyLimits {
  /** Keys and bytes per round trip. A single key is always sent, whatever its size. */
  keysPerTrip: number;
  bytesPerTrip: number;
  keysPerCommand: number;
  /** The pause after each trip, as a fraction of its duration: the source serves no client during a trip. */
  restRatio: number;
}

export const DEFAULT_KEY_LIMITS: KeyLimits = {
  keysPerTrip: 16,
  bytesPerTrip: 512 * 1024,
  keysPerCommand: 100,
  restRatio: 0.4,
};

const MAX_REST_MS = 50;

/** A script lists and measures a slot in one call. A slot with more keys than this is listed in pieces. */
const KEYS_PER_SURVEY = 500;
const SURVEYS_PER_TRIP = 8;
/** The most keys that one pass over a slot lists. The next pass finds the rest. */
const MAX_LISTED_KEYS = 1_000_000;

// MEMORY fails on a key that has just been deleted; its size is then 0. The keys are passed as arguments: in an open
// slot, all declared keys would have to exist.
const MEASURE = `local sizes = {}
for i, key in ipairs(keys) do
  local bytes = redis.pcall('MEMORY', 'USAGE', key)
  sizes[i] = type(bytes) == 'number' and bytes or 0
end
return {keys, sizes}`;
const SURVEY_SLOT = `local keys = redis.call('CLUSTER', 'GETKEYSINSLOT', ARGV[1], ARGV[2])\n${MEASURE}`;
const MEASURE_KEYS = `local keys = ARGV\n${MEASURE}`;

/** The keys of each slot with their sizes, in the order of `slots`. */
export async function surveySlots(source: ShardLink, slots: readonly number[]): Promise<SizedKey[][]> {
  const replies = await source.run(
    slots.map((slot) => ['EVAL_RO', SURVEY_SLOT, 0, slot, KEYS_PER_SURVEY]),
    { binary: true, commandsPerTrip: SURVEYS_PER_TRIP },
  );
  throwFirstError(source.shardId, replies);
  const surveyed = replies.map(readSizedKeys);
  for (const [index, keys] of surveyed.entries()) {
    if (keys.length >= KEYS_PER_SURVEY) surveyed[index] = await surveyBigSlot(source, slots[index]!);
  }
  return surveyed;
}

async function surveyBigSlot(source: ShardLink, slot: number): Promise<SizedKey[]> {
  const [keys] = await source.run([['CLUSTER', 'GETKEYSINSLOT', slot, MAX_LISTED_KEYS]], { binary: true });
  throwFirstError(source.shardId, [keys]);
  const commands: Command[] = [];
  for (let next = 0; next < (keys as Buffer[]).length; next += KEYS_PER_SURVEY) {
    commands.push(['EVAL_RO', MEASURE_KEYS, 0, ...(keys as Buffer[]).slice(next, next + KEYS_PER_SURVEY)]);
  }
  const replies = await source.run(commands, { binary: true, commandsPerTrip: 1 });
  throwFirstError(source.shardId, replies);
  return replies.flatMap(readSizedKeys);
}

function readSizedKeys(reply: unknown): SizedKey[] {
  const [keys, sizes] = reply as [Buffer[], number[]];
  return keys.map((key, index) => ({ key, bytes: sizes[index]! }));
}

/** The number of keys in each slot, in the order of `slots`. */
export async function countKeys(link: ShardLink, slots: readonly number[]): Promise<number[]> {
  const replies = await link.run(
    slots.map((slot) => ['CLUSTER', 'COUNTKEYSINSLOT', slot]),
    { commandsPerTrip: 256 },
  );
  throwFirstError(link.shardId, replies);
  return replies.map(Number);
}

/** Where keys move from and to, and how. */
export interface KeyMover {
  source: ShardLink;
  target: ShardLink;
  credentials: Credentials;
  limits: KeyLimits;
  signal?: AbortSignal | undefined;
}

/**
 * Moves the keys. `slotKeys` has one list per slot, since one MIGRATE takes keys of one slot. Skips deleted keys.
 * Resolves with the number of keys sent; rejects with MigrationInterrupted.
 */
export async function moveKeys(mover: KeyMover, slotKeys: readonly SizedKey[][]): Promise<number> {
  let moved = 0;
  let restMs = 0;
  for (const trip of tripsOf(slotKeys, mover.limits)) {
    if (restMs >= 1) {
      await delay(restMs, undefined, { signal: mover.signal });
      restMs = 0;
    }
    mover.signal?.throwIfAborted();
    const sentAt = performance.now();
    const replies = await sendTrip(mover, trip);
    restMs += Math.min((performance.now() - sentAt) * mover.limits.restRatio, MAX_REST_MS);
    for (const [index, reply] of replies.entries()) {
      moved += trip[index]!.length;
      if (reply instanceof EngineError) await moveAgain(mover, trip[index]!, reply);
    }
  }
  return moved;
}

/** Each trip is a list of commands, each command a list of keys. */
function* tripsOf(slotKeys: readonly SizedKey[][], limits: KeyLimits): Generator<SizedKey[][]> {
  let trip: SizedKey[][] = [];
  let keys = 0;
  let bytes = 0;
  for (const slot of slotKeys) {
    let command: SizedKey[] | undefined;
    for (const key of slot) {
      if (keys > 0 && (keys >= limits.keysPerTrip || bytes + key.bytes > limits.bytesPerTrip)) {
        yield trip;
        trip = [];
        command = undefined;
        keys = bytes = 0;
      }
      if (!command || command.length >= limits.keysPerCommand) trip.push((command = []));
      command.push(key);
      keys++;
      bytes += key.bytes;
    }
  }
  if (trip.length > 0) yield trip;
}

function sendTrip(mover: KeyMover, trip: readonly SizedKey[][], ...options: Argument[]): Promise<unknown[]> {
  const commands = trip.map((keys) => migrateCommand(mover, keys, options));
  const timeoutMs = trip.reduce((sum, keys) => sum + engineTimeoutMs(keys), 0) + 5_000;
  return mover.source.run(commands, { timeoutMs, commandsPerTrip: commands.length });
}

function migrateCommand(mover: KeyMover, keys: readonly SizedKey[], options: readonly Argument[]): Command {
  const { address, port } = mover.target.shard.primary;
  const { user, password } = mover.credentials;
  return [
    'MIGRATE',
    address,
    port,
    '',
    0,
    engineTimeoutMs(keys),
    ...options,
    'AUTH2',
    user,
    password,
    'KEYS',
    ...keys.map(({ key }) => key),
  ];
}

/**
 * The source serves no client while it waits for the target, and would soon look hung itself. So the limit is short
 * when the keys are small.
 */
function engineTimeoutMs(keys: readonly SizedKey[]): number {
  const bytes = keys.reduce((sum, key) => sum + key.bytes, 0);
  return Math.min(500 + Math.ceil(bytes / 20_000), 30_000);
}

async function moveAgain(mover: KeyMover, keys: readonly SizedKey[], error: EngineError): Promise<void> {
  if (/BUSYKEY/.test(error.message)) {
    // Both sides have the key: a MIGRATE was interrupted between the target's answer and the deletion. The source
    // owns the slot and redirects clients only for keys that it lacks, so its copy is the newer one.
    throwFirstError(mover.source.shardId, await sendTrip(mover, [[...keys]], 'REPLACE'));
    return;
  }
  if (error.code !== 'IOERR') {
    const where = /OOM/.test(error.message) ? mover.target : mover.source;
    throw new MigrationInterrupted(`keys could not be moved: ${error.message}`, where.shardId, error);
  }
  // The target was slow or went away. It must answer us before the source waits for it once more.
  await mover.target.run([['PING']], { timeoutMs: 1_000 });
  for (const key of keys) {
    const [reply] = await sendTrip(mover, [[key]], 'REPLACE');
    if (!(reply instanceof EngineError)) continue;
    throw new MigrationInterrupted(
      `the primary of shard ${mover.target.shardId} does not take keys: ${reply.message}`,
      mover.target.shardId,
      reply,
    );
  }
}
