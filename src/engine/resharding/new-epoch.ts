// CLUSTER FAILOVER TAKEOVER asks nobody: the node takes the epoch after the highest that it has heard of. Another shard's
// primary may have that one already, or the dead primary of its own shard, whose word would then count for more. So a node
// hears of every epoch that a live member knows before it takes over, and those of one cluster take over one by one.

import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from '../admin.ts';
import { parseClusterInfo } from '../cluster-nodes.ts';
import { clusterMeet, takeOver } from '../commands.ts';

export interface ClusterMember {
  admin: Admin;
  address: string;
  port: number;
  busPort: number;
}

/** Of the members that are asked; one that hangs holds up a failover for no longer. */
const ANSWER_WITHIN_MS = 100;
/** Then it takes over with what it knows: a shard without a primary is worse than epochs that the engines have to settle. */
const LEARN_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 2;
/** After a takeover the others hear of it at once; of other changes by gossip only, which may take seconds. */
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
      // The answer bears the epoch. Each knows the other already, so that nothing else comes of it.
      await clusterMeet(node, whoKnows).catch(() => undefined);
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** The highest that it has heard of; 0 where it does not say in time. */
async function epochOf(admin: Admin): Promise<number> {
  const [info] = await admin.sendAll([['CLUSTER', 'INFO']], { timeoutMs: ANSWER_WITHIN_MS }).catch(() => []);
  return typeof info === 'string' ? parseClusterInfo(info).currentEpoch : 0;
}

export interface TakeOvers {
  /** `takeOver` by default; a node that is a primary already is left as it is. */
  next(node: Admin, members: readonly ClusterMember[], how?: () => Promise<unknown>): Promise<void>;
}

/** The takeovers of one cluster, in the order asked for. */
export function createTakeOvers(): TakeOvers {
  let last: Promise<unknown> = Promise.resolve();
  return {
    next(node, members, how = () => takeOver(node)) {
      const done = last.then(async () => {
        await learnEpochs(node, members);
        await how();
      });
      last = done.catch(() => undefined);
      return done;
    },
  };
}
