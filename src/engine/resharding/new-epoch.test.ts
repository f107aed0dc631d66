// Tests takeovers in a real cluster: each gets an epoch that no other node has.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bumpEpoch, clusterInfo } from '../commands.ts';
import { createTakeOvers } from './new-epoch.ts';
import { installedServers, startTestCluster, type TestNode } from './testing/test-cluster.ts';

const SLOTS: [number, number][][] = [[[0, 5_000]], [[5_001, 10_000]], [[10_001, 16_383]]];
const asMember = ({ admin, address }: TestNode) => ({ admin, address, port: 6379, busPort: 16_379 });
const epochOf = async ({ admin }: TestNode) => (await clusterInfo(admin)).myEpoch;

for (const server of installedServers()) {
  it(`${server}: a takeover gets its own epoch although another shard's was raised just now`, async (context) => {
    const cluster = await startTestCluster({ slots: SLOTS, replicasPerShard: 1, server });
    context.after(() => cluster.stop());
    const [[primary, candidate], [other]] = cluster.members as [[TestNode, TestNode], [TestNode]];
    await cluster.kill(primary);
    const raised = await bumpEpoch(other.admin);
    const live = cluster.nodes.filter((node) => node !== primary && node !== candidate);
    await createTakeOvers().next(candidate.admin, live.map(asMember));
    assert.equal(await epochOf(candidate), raised + 1);
  });

  it(`${server}: shards whose primaries fail together get different epochs`, async (context) => {
    const cluster = await startTestCluster({ slots: SLOTS, replicasPerShard: 1, server });
    context.after(() => cluster.stop());
    const candidates = cluster.members.map(([, replica]) => replica!);
    await Promise.all(cluster.members.map(([primary]) => cluster.kill(primary!)));
    const takeOvers = createTakeOvers();
    await Promise.all(
      candidates.map((candidate) =>
        takeOvers.next(candidate.admin, candidates.filter((other) => other !== candidate).map(asMember)),
      ),
    );
    const epochs = await Promise.all(candidates.map(epochOf));
    assert.deepEqual(new Set(epochs).size, candidates.length, `${epochs}`);
  });
}
