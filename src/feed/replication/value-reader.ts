// Gives changes the values of their keys, once for a key in a batch, from whichever node has them.

import { setTimeout as delay } from 'node:timers/promises';
import type { Value } from '../change.ts';
import type { FollowedNode } from '../feeds.ts';
import type { Draft } from './drafts.ts';
import type { Follower } from './follower.ts';
import { readValues, type ValueLimits, type ValueNode } from './values.ts';

const AGAIN_MS = { first: 20, most: 1_000 };

/** What it needs of a shard. */
export interface ValueShard {
  readonly follower: Follower;
  readonly isClosed: boolean;
  changed(): Promise<void>;
}

/**
 * Reads the values at the drafts' places or later. It goes on until it has them, or until the shard is closed.
 *
 * @param isMoving Slots may be in motion: the primaries know where each key is.
 */
export async function addValues(
  drafts: readonly Draft[],
  shard: ValueShard,
  others: readonly ValueShard[],
  isMoving: boolean,
  limits: ValueLimits,
): Promise<void> {
  for (const [database, of] of Map.groupBy(drafts, (draft) => draft.database)) {
    const places = new Map<string, { key: Buffer; drafts: Draft[] }>();
    for (const draft of of) {
      const name = draft.key.toString('latin1');
      const place = places.get(name);
      if (place) place.drafts.push(draft);
      else places.set(name, { key: draft.key, drafts: [draft] });
    }
    const all = [...places.values()];
    const values = await readUntilDone(
      database,
      all.map(({ key }) => key),
    );
    if (!values) return;
    for (const [index, { drafts }] of all.entries()) for (const draft of drafts) draft.value = values[index]!;
  }

  async function readUntilDone(database: number, keys: readonly Buffer[]): Promise<Value[] | undefined> {
    for (let pauseMs = AGAIN_MS.first; !shard.isClosed; pauseMs = Math.min(2 * pauseMs, AGAIN_MS.most)) {
      const changed = shard.changed();
      try {
        return await readValues(nodesOf(shard, others, isMoving), database, keys, limits);
      } catch {
        await Promise.race([changed, delay(pauseMs, undefined, { ref: false })]);
      }
    }
    return undefined;
  }
}

function nodesOf(shard: ValueShard, others: readonly ValueShard[], isMoving: boolean): ValueNode[] {
  const { follower } = shard;
  const own = isMoving ? primaryOf(follower) : follower.followed?.node;
  const nodes: ValueNode[] = own ? [{ client: follower.clientOf(own), asks: false }] : [];
  for (const { follower: other } of others) {
    const primary = primaryOf(other);
    if (primary) nodes.push({ client: other.clientOf(primary), asks: true });
  }
  // A shard that is gone has given all its slots away.
  if (!own && follower.shard.nodes.some(({ isServing }) => isServing))
    throw new Error('No node is followed.');
  return nodes;
}

const primaryOf = ({ shard }: Follower): FollowedNode | undefined =>
  shard.nodes.find(({ role, isServing }) => role === 'primary' && isServing);
