// What must wait, waits: for another shard of the key, and for the replicas that could be promoted.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { migrateSlots, takeOverShard } from '../../engine/resharding/index.ts';
import { CREDENTIALS } from '../../engine/resharding/testing/test-admin.ts';
import { installedServers, type TestNode } from '../../engine/resharding/testing/test-cluster.ts';
import { until } from '../../engine/testing/settle.ts';
import { slotOfKey } from '../key-slot.ts';
import { createReplicationSource } from './replication-source.ts';
import { collect } from './testing/collected.fixture.ts';
import { startFollowed } from './testing/followed-cluster.fixture.ts';

const clean: (() => unknown)[] = [];
after(async () => {
  for (const one of clean.reverse()) await one();
});

/** A key of a slot of the first shard, and one of the second. */
const [MOVES, STAYS] = [8_191, 16_383].map((last) => {
  for (let number = 0; ; number++) {
    const slot = slotOfKey(Buffer.from(`key-${number}`));
    if (slot <= last && slot > last - 8_192) return `key-${number}`;
  }
}) as [string, string];

/** Another key of the first shard. */
const OTHER = ['a', 'b', 'c', 'd', 'e', 'f'].find((key) => slotOfKey(Buffer.from(key)) < 8_192)!;

for (const server of installedServers()) {
  test(`${server}: a change on the shard that took the key over waits for those on the shard that had it`, async () => {
    const { followed, options } = await startFollowed(
      { server, replicasPerShard: 0, slots: [[[0, 8_191]], [[8_192, 16_383]]] },
      clean,
    );
    const source = createReplicationSource(options);
    const collected = collect(source);
    await source.ready;
    const [[first], [second]] = followed.cluster.members as [[TestNode], [TestNode]];
    await source.slotsMove('beginning');
    // The feed does not get what the first shard does from here on.
    source.setNodes(await followed.shards((node) => node === first));
    await until('the first shard is left', () =>
      source.lag().states.some((state) => state.includes('0001') || state.startsWith('waits for a node')),
    );
    await first.admin.send('SET', MOVES, '1');
    await first.admin.send('DEL', MOVES);
    await first.admin.send('SET', MOVES, '2');
    const slot = slotOfKey(Buffer.from(MOVES));
    const moves = [{ from: '0001', to: '0002', slots: [slot] }];
    await migrateSlots({ moves, shards: await followed.cluster.shards(), credentials: CREDENTIALS });
    await second.admin.send('SET', STAYS, 'before');
    await second.admin.send('SET', MOVES, '3');
    await second.admin.send('SET', STAYS, 'after');
    await until('the second shard waits', () =>
      source.lag().states.some((state) => /waits for shard 0001/.test(state)),
    );
    assert.ok(collected.changes.every(({ key }) => String(key) === STAYS));
    source.setNodes(await followed.shards());
    await source.slotsMove('done');
    await collected.until((changes) => changes.length === 6);
    assert.deepEqual(
      collected.changes.filter(({ key }) => String(key) === MOVES).map(({ command }) => command!.join(' ')),
      [`SET ${MOVES} 1`, `DEL ${MOVES}`, `SET ${MOVES} 2`, `SET ${MOVES} 3`],
    );
    await source.close();
  });

  test(`${server}: shards do not wait for a place in a stream before which there is nothing but what is no change`, async () => {
    const { followed, options } = await startFollowed(
      { server, replicasPerShard: 0, slots: [[[0, 8_191]], [[8_192, 16_383]]] },
      clean,
    );
    const source = createReplicationSource(options);
    await source.ready;
    const [[first], [second]] = followed.cluster.members as [[TestNode], [TestNode]];
    // Nobody takes the first batch yet, so that what follows is read in one piece.
    await first.admin.send('SET', MOVES, '1');
    await source.slotsMove('beginning');
    const moves = [{ from: '0001', to: '0002', slots: [slotOfKey(Buffer.from(MOVES))] }];
    await migrateSlots({ moves, shards: await followed.cluster.shards(), credentials: CREDENTIALS });
    await second.admin.send('SET', MOVES, '2');
    await first.admin.send('FUNCTION', 'FLUSH');
    source.setNodes(await followed.shards());
    await source.slotsMove('done');
    await first.admin.send('SET', OTHER, '3');
    await second.admin.send('SET', STAYS, '4');
    const collected = collect(source);
    await collected.until((changes) => changes.length === 4);
    await source.close();
  });

  test(`${server}: what a replica that could be promoted does not have is not delivered, and lost with the primary`, async () => {
    const { followed, options } = await startFollowed(
      { server, replicasPerShard: 2, slots: [[[0, 16_383]]] },
      clean,
    );
    const source = createReplicationSource(options);
    const collected = collect(source);
    await source.ready;
    const [primary, one, two] = followed.cluster.members[0] as [TestNode, TestNode, TestNode];
    await primary.admin.send('SET', 'a', '1');
    await collected.until((changes) => changes.length === 1);
    const behind = source.lag().states[0]!.includes(followed.nodeId(one)) ? two : one;
    const other = behind === one ? two : one;
    // It answers, and gets nothing more.
    await behind.admin.send('CONFIG', 'SET', 'masterauth', 'wrong');
    await behind.admin.send('CLIENT', 'KILL', 'TYPE', 'master');
    await until('it has no link', async () =>
      /master_link_status:down/.test(String(await behind.admin.send('INFO', 'replication'))),
    );
    await primary.admin.send('SET', 'lost', '1');
    await until('the change is received', () => source.lag().bytes > 0);
    assert.equal(await primary.admin.send('WAIT', '1', '5000'), 1);
    await followed.cluster.kill(primary);
    await followed.cluster.kill(other);
    assert.equal(collected.changes.length, 1);
    source.leave(followed.nodeId(behind));
    await takeOverShard({
      candidate: { admin: behind.admin, nodeId: behind.id },
      shardNodeIds: [primary.id, other.id, behind.id],
      otherPrimaries: [],
    });
    source.setNodes(await followed.shards());
    await behind.admin.send('SET', 'b', '1');
    await collected
      .until((changes) => changes.length === 2)
      .catch((e) => {
        console.log(source.lag());
        throw e;
      });
    assert.deepEqual(
      collected.changes.map(({ key, sequence }) => `${key} ${sequence.slice(-24, -16)}`),
      ['a 00000001', 'b 00000001'],
    );
    await source.close();
  });
}
