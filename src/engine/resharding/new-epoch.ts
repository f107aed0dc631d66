// Gives a takeover an epoch that no other primary has. CLUSTER FAILOVER TAKEOVER holds no election: the node takes
// the epoch after the highest that it has heard of. Another primary, or its own dead one, may already have that epoch
// and win conflicts. So a node first learns every epoch that a live member knows, and takeovers of one cluster run
// one at a time.

import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from '../admin.ts';
import { parseClusterInfo } from '../cluster-nodes.ts';
import { clusterMeet, takeOver } from '../commands.ts';
import { createSerial } from '../serial.ts';

/** A live member of the cluster, which may know a higher epoch. */
export interface ClusterMember {
  admin: Admin;
  address: string;
  port: number;
  busPort: number;
}

/** The limit for one member's answer. A member that hangs delays a failover no longer than this. */
const ANSWER_WITHIN_MS = 100;
/**
 * After this the takeover goes ahead: a shard without a primary is worse than equal epochs, which the engines
 * resolve.
 */
const LEARN_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 2;
/** A takeover is broadcast at once, but other changes spread by gossip, which may take seconds. */
const MEET_AFTER_MS = 10;
const MEET_EVERY_MS = 250;

/** Resolves once the node knows the highest epoch that any live member knows, or after a second. */
export async function learnEpochs(node: Admin, members: readonly ClusterMember[]): Promise<void> {
  const known = await Promise.all(members.map(({ admin }) => epochOf(admin)));
  const highest = Math.max(0, ...known);
  const whoKnows = members[known.indexOf(highest)];
  const begunAt = performance.now();
  let meetAt = begunAt + MEET_AFTER_MS;
  while (whoKnows && (await epochOf(node)) < highest) {
    const now = performance.now();
    if (now - begunAt > LEARN_WITHIN_MS) return;
    if (now > meetAt) {
      meetAt = now + MEET_EVERY_MS;
      // The reply on the cluster bus carries the epoch. The two nodes know each other already, so MEET has no other
      // effect.
      await clusterMeet(node, whoKnows).catch(() => undefined);
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** The highest epoch that the node has heard of; 0 when it does not answer in time. */
async function epochOf(admin: Admin): Promise<number> {
  const [info] = await admin.sendAll([['CLUSTER', 'INFO']], { timeoutMs: ANSWER_WITHIN_MS }).catch(() => []);
  return typeof info === 'string' ? parseClusterInfo(info).currentEpoch : 0;
}

/** A queue of takeovers. */
export interface TakeOvers {
  /**
   * Runs `how` (by default `takeOver`) once the node has learned all epochs. Does nothing on a node that is already a
   * primary.
   */
  next(node: Admin, members: readonly ClusterMember[], how?: () => Promise<unknown>): Promise<void>;
}

/** The queue of takeovers of one cluster. A failed one does not stop the next. */
export function createTakeOvers(): TakeOvers {
  const serial = createSerial();
  return {
    next: (node, members, how = () => takeOver(node)) =>
      serial(async () => {
        await learnEpochs(node, members);
        await how();
      }),
  };
}
