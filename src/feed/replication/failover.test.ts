import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { takeOverShard } from '../../engine/resharding/index.ts';
import { installedServers, type TestNode } from '../../engine/resharding/testing/test-cluster.ts';
import { until } from '../../engine/testing/settle.ts';
import { createReplicationSource, type ReplicationSource } from './replication-source.ts';
import { collect } from './testing/collected.fixture.ts';
import { type FollowedCluster, startFollowed } from './testing/followed-cluster.fixture.ts';
import { assertInOrder, assertSameAsCache } from './testing/replayed.fixture.ts';
import { startWriter } from './testing/writer.fixture.ts';

const KEYS = 2_000;
const clean: (() => unknown)[] = [];
after(async () => {
  for (const one of clean.reverse()) await one();
});

/** Kills the primary of the first shard, and promotes the replica, as the controller does. */
async function failOver(followed: FollowedCluster, source: ReplicationSource, candidate: TestNode) {
  const { cluster } = followed;
  const [members, others] = cluster.members as [TestNode[], TestNode[]];
  const shards = await cluster.shards([0]);
  const primary = members.find(({ id }) => id === shards.get('0001')!.primary.nodeId)!;
  await cluster.kill(primary);
  source.leave(followed.nodeId(candidate));
  await takeOverShard({
    candidate: { admin: candidate.admin, nodeId: candidate.id },
    shardNodeIds: members.map(({ id }) => id),
    otherPrimaries: [others[0]!],
  });
  source.setNodes(await followed.shards());
}

const follows = (source: ReplicationSource, followed: FollowedCluster, node: TestNode): boolean =>
  source.lag().states.some((state) => state.includes(`follows ${followed.nodeId(node)}`));

for (const server of installedServers()) {
  for (const promoted of ['the followed replica', 'another replica'] as const) {
    test(`${server}: a primary is killed under a writer, and ${promoted} is promoted`, async () => {
      const { followed, options } = await startFollowed(
        { server, replicasPerShard: 2, slots: [[[0, 8_191]], [[8_192, 16_383]]] },
        clean,
      );
      const source = createReplicationSource(options);
      const collected = collect(source);
      await source.ready;
      const writer = startWriter(followed, KEYS, 2);
      await collected.until((changes) => changes.length > 5_000);
      const [, first, second] = followed.cluster.members[0] as [TestNode, TestNode, TestNode];
      const own = follows(source, followed, first) ? first : second;
      const other = own === first ? second : first;
      assert.ok(follows(source, followed, own));
      await failOver(followed, source, promoted === 'another replica' ? other : own);
      const before = collected.changes.length;
      const { operations } = writer;
      await until('writes go on', () => writer.operations > operations + 5_000);
      await writer.stop();
      await assertSameAsCache(collected, writer.cluster, KEYS);
      assertInOrder(collected.changes);
      assert.ok(collected.changes.length > before);
      assert.equal(collected.changes.filter(({ kind }) => kind === 'sync').length, 0, 'histories join');
      writer.cluster.disconnect();
      await source.close();
    });
  }

  test(`${server}: a replica that hangs holds nothing back; WAIT never counts the feed`, async () => {
    const { followed, options } = await startFollowed(
      { server, replicasPerShard: 2, slots: [[[0, 16_383]]] },
      clean,
    );
    const source = createReplicationSource(options);
    const collected = collect(source);
    await source.ready;
    const [primary, first, second] = followed.cluster.members[0] as [TestNode, TestNode, TestNode];
    const hung = follows(source, followed, first) ? second : first;
    hung.process.kill('SIGSTOP');
    clean.push(() => hung.process.kill('SIGCONT'));
    await primary.admin.send('SET', 'key-1', '1');
    await collected.until((changes) => changes.length === 1);
    assert.equal(await primary.admin.send('WAIT', '2', '300'), 1);
    hung.process.kill('SIGCONT');
    await source.close();
  });

  test(`${server}: without replicas the primary is followed, WAIT is 0, and a node that was left stops at once`, async () => {
    const { followed, options } = await startFollowed(
      { server, replicasPerShard: 0, slots: [[[0, 16_383]]] },
      clean,
    );
    const source = createReplicationSource(options);
    const collected = collect(source);
    await source.ready;
    const [primary] = followed.cluster.members[0] as [TestNode];
    await primary.admin.send('SET', 'key-1', '1');
    await collected.until((changes) => changes.length === 1);
    assert.equal(await primary.admin.send('WAIT', '1', '1500'), 0);
    source.leave(followed.nodeId(primary));
    await until('the engine has dropped the link', async () =>
      /connected_slaves:0/.test(String(await primary.admin.send('INFO', 'replication'))),
    );
    await source.close();
  });
}
