// Promoting a replica of a shard whose slots may be on their way: CLUSTER FAILOVER TAKEOVER, with what keeps a
// migration safe before and after it. Whom to promote, and that the old primary is gone, is decided elsewhere.

import { setTimeout as delay } from 'node:timers/promises';
import { OperationalError } from '../../kernel/errors.ts';
import type { Admin } from '../admin.ts';
import { type ClusterView, parseClusterView } from './cluster-view.ts';
import type { Command } from './links.ts';
import { setSlot } from './repair-slots.ts';

export interface TakeOver {
  candidate: { admin: Admin; nodeId: string };
  /** The engine node ids of all members of the shard, its dead primary's above all. */
  shardNodeIds: readonly string[];
  /** Primaries of the cluster's other shards; one that does not answer is passed over. */
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
 * Idempotent. Resolves with how many slots are open between this shard and others, once both ends are marked with the
 * new primary. Rejects with TimedOut when the candidate does not learn in time which slots its shard has handed over:
 * by taking over it would claim them back, and their owners would delete the keys.
 */
export async function takeOverShard(takeOver: TakeOver): Promise<number> {
  const { candidate, shardNodeIds } = takeOver;
  const others = (await Promise.all(takeOver.otherPrimaries.map(viewOther))).filter(
    (other) => other !== undefined,
  );
  await untilClaimsKnown(takeOver, others);

  // Redis 7 keeps the marks of open slots in the primary alone; the other end knows them too.
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
 * In one step where that can be: a primary that does not know its open slots answers for keys that are elsewhere.
 * Valkey gives the marks to its replicas beforehand, and 8.0.1 crashes on SETSLOT inside MULTI.
 */
async function promoteWithMarks(admin: Admin, marks: readonly Command[]): Promise<void> {
  const takeOver: Command = ['CLUSTER', 'FAILOVER', 'TAKEOVER'];
  const isValkey =
    marks.length > 0 &&
    /^(valkey_version:|server_name:valkey)/m.test(String(await admin.send('INFO', 'server')));
  const commands =
    marks.length > 0 && !isValkey ? [['MULTI'], takeOver, ...marks, ['EXEC']] : [takeOver, ...marks];
  const replies = (await admin.sendAll(commands)).flat();
  const refusal = replies.find((reply) => reply instanceof Error && !isPrimaryAlready(reply));
  if (refusal) throw refusal;
}

const isPrimaryAlready = ({ message }: Error): boolean =>
  /You should send CLUSTER FAILOVER to a (replica|slave)/.test(message);
