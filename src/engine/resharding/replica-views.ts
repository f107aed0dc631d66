// Waits until replicas know which slots their primary owns: a replica that does not know would not claim them when
// promoted.

import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from '../admin.ts';
import { parseClusterView } from './cluster-view.ts';
import type { ShardLink } from './links.ts';

const LOOK_EVERY_MS = 2;
const GIVE_UP_AFTER_MS = 1_000;

/** Replicas that did not answer or learn in time; the same migration does not wait for them again. */
const silent = new WeakMap<ShardLink, Set<Admin>>();

/**
 * Resolves when every replica of the shard ascribes the slots to its primary. Gives up on a replica that does not
 * learn in time: it can be promoted only after it has caught up on the cluster bus.
 */
export async function awaitReplicas(
  link: ShardLink,
  slots: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const given = silent.get(link) ?? new Set();
  silent.set(link, given);
  const waited = link.shard.replicas.filter(({ admin }) => !given.has(admin));
  await Promise.all(
    waited.map(async ({ admin }) => {
      if (!(await learns(admin, link.nodeId, slots, signal))) given.add(admin);
    }),
  );
}

async function learns(
  admin: Admin,
  ownerId: string,
  slots: readonly number[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    const [reply] = await admin
      .sendAll([['CLUSTER', 'NODES']], { timeoutMs: GIVE_UP_AFTER_MS })
      .catch(() => []);
    if (typeof reply !== 'string') return false;
    const { owners } = parseClusterView(reply);
    if (slots.every((slot) => owners.get(slot) === ownerId)) return true;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  return false;
}
