// Promotes a replica of a shard whose slots may be moving: CLUSTER FAILOVER TAKEOVER, with the steps before and after
// it that keep a migration safe. The caller chooses the replica and makes sure that the old primary is gone.

import { setTimeout as delay } from 'node:timers/promises';
import { OperationalError } from '../../kernel/errors.ts';
import type { Admin } from '../admin.ts';
import { type ClusterView, parseClusterView } from './cluster-view.ts';
import { type Command, isOfValkey } from './links.ts';
import { setSlot } from './repair-slots.ts';

/** One promotion. */
export interface TakeOver {
  candidate: { admin: Admin; nodeId: string };
  /** The engine's node ids of all members of the shard, most of all its dead primary's. */
  shardNodeIds: readonly string[];
  /** The primaries of the other shards; one that does not answer is skipped. */
  otherPrimaries: readonly { admin: Admin }[];
  signal?: AbortSignal;
}

const ANSWER_WITHIN_MS = 500;
const LEARN_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 2;

interface Other {
  admin: Admin;
  view: ClusterView;
}

/**
 * Idempotent. Resolves with the number of slots that are open between this shard and others, once both sides name the
 * new primary. Rejects with TimedOut when the candidate does not learn in time which slots its shard has given away:
 * its takeover would claim them back, and their owners would delete the keys.
 */
export async function takeOverShard(takeOver: TakeOver): Promise<number> {
  const { candidate, shardNodeIds } = takeOver;
  const others = (await Promise.all(takeOver.otherPrimaries.map(viewOther))).filter(
    (other) => other !== undefined,
  );
  await untilClaimsKnown(takeOver, others);

  // In Redis 7 only the primary keeps the marks of open slots. The shard on the other side has them too.
  const own: Command[] = [];
  const theirs = others.map(({ admin, view }) => {
    const commands: Command[] = [];
    for (const [slot, from] of view.importing) {
      if (!shardNodeIds.includes(from)) continue;
      own.push(setSlot(slot, 'MIGRATING', view.self.id));
      commands.push(setSlot(slot, 'IMPORTING', candidate.nodeId));
    }
    for (const [slot, to] of view.migrating) {
      if (!shardNodeIds.includes(to)) continue;
      own.push(setSlot(slot, 'IMPORTING', view.self.id));
      commands.push(setSlot(slot, 'MIGRATING', candidate.nodeId));
    }
    return { admin, commands };
  });
  await promoteWithMarks(candidate.admin, own);
  await Promise.all(theirs.map(({ admin, commands }) => admin.sendAll(commands).catch(() => [])));
  return own.length;
}

async function viewOther({ admin }: { admin: Admin }): Promise<Other | undefined> {
  const [reply] = await admin
    .sendAll([['CLUSTER', 'NODES']], { timeoutMs: ANSWER_WITHIN_MS })
    .catch(() => []);
  return typeof reply === 'string' ? { admin, view: parseClusterView(reply) } : undefined;
}

async function untilClaimsKnown(takeOver: TakeOver, others: readonly Other[]): Promise<void> {
  const { candidate, shardNodeIds, signal } = takeOver;
  const deadline = performance.now() + LEARN_WITHIN_MS;
  for (;;) {
    const { owners } = parseClusterView(String(await candidate.admin.send('CLUSTER', 'NODES')));
    const isStale = others.some(({ view }) =>
      [...view.owners].some(
        ([slot, owner]) => owner === view.self.id && shardNodeIds.includes(owners.get(slot) ?? ''),
      ),
    );
    if (!isStale) return;
    if (performance.now() > deadline) {
      throw new OperationalError(
        'TimedOut',
        'A replica does not learn which slots its shard has handed over, and must not take over.',
      );
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/**
 * Promotes and marks in one step where possible: a primary that does not know its open slots answers wrongly for keys
 * that have moved. Valkey replicates the marks beforehand, and 8.0.1 crashes on SETSLOT inside MULTI.
 */
async function promoteWithMarks(admin: Admin, marks: readonly Command[]): Promise<void> {
  const takeOver: Command = ['CLUSTER', 'FAILOVER', 'TAKEOVER'];
  const isValkey = marks.length > 0 && isOfValkey(await admin.send('INFO', 'server'));
  const commands =
    marks.length > 0 && !isValkey ? [['MULTI'], takeOver, ...marks, ['EXEC']] : [takeOver, ...marks];
  const replies = (await admin.sendAll(commands)).flat();
  const refusal = replies.find((reply) => reply instanceof Error && !isPrimaryAlready(reply));
  if (refusal) throw refusal;
}

const isPrimaryAlready = ({ message }: Error): boolean =>
  /You should send CLUSTER FAILOVER to a (replica|slave)/.test(message);
