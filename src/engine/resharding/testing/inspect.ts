// Queries of a cluster after a test, and shorthand for moves.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { parseClusterView } from '../cluster-view.ts';
import type { SlotMove } from '../shards.ts';
import { TestCluster } from './test-cluster.ts';

export const slotOf: (key: string) => number = createRequire(import.meta.url)('cluster-key-slot');

/** Moves slots `first` to `last` from one shard to another, by their indexes. */
export const moveOf = (from: number, to: number, first: number, last: number): SlotMove => ({
  from: TestCluster.shardId(from),
  to: TestCluster.shardId(to),
  slots: Array.from({ length: last - first + 1 }, (_, index) => first + index),
});

/**
 * The number of slots by shard, once all nodes agree. Fails when primaries differ or a slot is open, or when replicas
 * differ for long.
 */
export async function agreedSlots(cluster: TestCluster): Promise<number[]> {
  const shards = await cluster.shards();
  for (const { primary, replicas } of shards.values()) {
    assert.equal((await viewOf(primary.admin)).migrating.size, 0, 'no slot is open');
    assert.equal((await viewOf(primary.admin)).importing.size, 0, 'no slot is open');
    for (const { admin } of replicas) await untilSame(primary.admin, admin);
  }
  const views = await Promise.all([...shards.values()].map(({ primary }) => viewOf(primary.admin)));
  for (const { owners } of views) {
    assert.equal(owners.size, 16_384);
    for (const [slot, owner] of owners)
      assert.equal(owner, views[0]!.owners.get(slot), `owner of slot ${slot}`);
  }
  const owners = [...views[0]!.owners.values()];
  return cluster.members.map(
    (members) => owners.filter((owner) => members.some(({ id }) => id === owner)).length,
  );
}

async function untilSame(
  primary: { send(...words: string[]): Promise<unknown> },
  replica: { send(...words: string[]): Promise<unknown> },
): Promise<void> {
  const expected = (await viewOf(primary)).owners;
  for (const deadline = performance.now() + 60_000; ; ) {
    const { owners } = await viewOf(replica);
    if ([...expected].every(([slot, owner]) => owners.get(slot) === owner)) return;
    assert.ok(performance.now() < deadline, 'a replica does not learn what its primary owns');
  }
}

const viewOf = async (admin: { send(...words: string[]): Promise<unknown> }) =>
  parseClusterView(String(await admin.send('CLUSTER', 'NODES')));

/** The number of keys on all primaries. */
export async function keysOn(cluster: TestCluster): Promise<number> {
  const shards = await cluster.shards();
  const sizes = await Promise.all([...shards.values()].map(({ primary }) => primary.admin.send('DBSIZE')));
  return sizes.reduce<number>((sum, size) => sum + Number(size), 0);
}
