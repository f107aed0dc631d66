// Where a node is found after it failed: a primary that was failed over gets another address, and nobody answers at the
// one that it had; all others keep theirs.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { atEndpoint } from '../support/endpoint.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { withoutProgram } from '../support/outside-clients.ts';
import { eventually, listEvents, untilAvailable } from '../support/replication-groups.ts';

describe('addresses of nodes that failed', () => {
  let millpond: TestMillpond;
  before(async () => {
    millpond = await startTestMillpond();
  });
  after(() => millpond?.stop());

  it('a primary that was failed over has another, and nobody answers at the old one', async () => {
    const nodes = await createGroup(millpond, 'plain', { NumCacheClusters: 3 });
    const before = await addressesOf(millpond, nodes);
    await testFailover(millpond, 'plain');
    const after = await addressesOf(millpond, nodes);
    assert.notEqual(after[0], before[0]);
    assert.deepEqual(after.slice(1), before.slice(1), 'the others stay where they are');
    assert.equal(await answerAt(before[0]!), 'ECONNREFUSED');
    assert.equal(await answerAt(after[0]!), 'connected');
  });

  it('which rests also when Millpond starts anew', async () => {
    const nodes = await createGroup(millpond, 'resting', { NumCacheClusters: 2 });
    const given = await addressesOf(millpond, nodes);
    await testFailover(millpond, 'resting');
    await millpond.leave();
    await millpond.start();
    for (let round = 0; round < 3; round++) {
      await testFailover(millpond, 'resting');
      given.push(...(await addressesOf(millpond, nodes)));
    }
    // Two at first, one for each of four failovers.
    assert.equal(new Set(given).size, 6, given.join(' '));
    assert.equal(await answerAt(given[0]!), 'ECONNREFUSED');
  });

  const ENGINES = {
    redis: withoutProgram('redis-server'),
    valkey: withoutProgram('valkey-server') && 'needs Valkey',
  };
  for (const [Engine, skip] of Object.entries(ENGINES))
    it(`in cluster mode all nodes hear of it (${Engine})`, { skip }, async () => {
      const id = `sharded-${Engine}`;
      const nodes = await createGroup(millpond, id, { Engine, NumNodeGroups: 2, ReplicasPerNodeGroup: 1 });
      const [old] = await addressesOf(millpond, nodes);
      await testFailover(millpond, id);
      const addresses = await addressesOf(millpond, nodes);
      assert.notEqual(addresses[0], old);
      for (const node of nodes) {
        await eventually(`${node} knows the addresses`, () =>
          atEndpoint(millpond, node, async (redis) => {
            const text = String(await redis.cluster('NODES'));
            const known = [...text.matchAll(/^\w+ ([\d.]+):/gm)].map(([, address]) => address!);
            return known.sort().join() === [...addresses].sort().join();
          }),
        );
      }
    });

  it('a replica that failed, and a primary that nobody replaces, keep theirs', async () => {
    const nodes = await createGroup(millpond, 'kept', {
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: false,
    });
    const before = await addressesOf(millpond, nodes);
    for (const node of nodes) {
      await recovery(millpond, () => kill(millpond, node));
      assert.deepEqual(await addressesOf(millpond, nodes), before);
    }
  });
});

describe('--keep-address-on-replace', () => {
  it('lets a primary that was failed over come back at its address', async () => {
    const millpond = await startTestMillpond({ keepAddressOnReplace: true });
    try {
      const nodes = await createGroup(millpond, 'plain', { NumCacheClusters: 2 });
      const before = await addressesOf(millpond, nodes);
      await testFailover(millpond, 'plain');
      assert.deepEqual(await addressesOf(millpond, nodes), before);
    } finally {
      await millpond.stop();
    }
  });
});

/** Resolves to the names of its nodes, the primary of the first shard first. */
async function createGroup(
  { elasticache }: TestMillpond,
  id: string,
  rest: Partial<sdk.CreateReplicationGroupCommandInput>,
): Promise<string[]> {
  const input = {
    ...{ ReplicationGroupId: id, ReplicationGroupDescription: id, AutomaticFailoverEnabled: true },
    ...rest,
  };
  await elasticache.send(new sdk.CreateReplicationGroupCommand(input));
  await untilAvailable(elasticache, id);
  const { CacheClusters } = await elasticache.send(
    new sdk.DescribeCacheClustersCommand({ ShowCacheNodeInfo: true }),
  );
  return CacheClusters!
    .filter((cluster) => cluster.ReplicationGroupId === id)
    .map((cluster) => cluster.CacheNodes![0]!.Endpoint!.Address!);
}

const addressesOf = ({ resolver }: TestMillpond, names: string[]): Promise<string[]> =>
  Promise.all(names.map(async (name) => (await resolver.resolve4(name))[0]!));

const testFailover = (millpond: TestMillpond, id: string): Promise<void> =>
  recovery(millpond, async () => {
    await millpond.elasticache.send(
      new sdk.TestFailoverCommand({ ReplicationGroupId: id, NodeGroupId: '0001' }),
    );
  });

/** Resolves once a node that failed by `cause` is back. */
async function recovery({ elasticache }: TestMillpond, cause: () => Promise<void>): Promise<void> {
  const count = async () =>
    (await listEvents(elasticache)).filter((event) => event.Message!.startsWith('Finished recovery')).length;
  const before = await count();
  await cause();
  await eventually('a node is recovered', async () => (await count()) > before);
}

async function kill(millpond: TestMillpond, name: string): Promise<void> {
  const status = await (await fetch(`${millpond.url}/_millpond/status`)).json();
  const [address] = await millpond.resolver.resolve4(name);
  const nodes = (status as { groups: { members: { address: string; pid: number }[] }[] }).groups.flatMap(
    ({ members }) => members,
  );
  process.kill(nodes.find((node) => node.address === address)!.pid, 'SIGKILL');
}

/** `connected`, or why not. */
function answerAt(address: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(6379, address);
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.once('connect', () => {
      socket.destroy();
      resolve('connected');
    });
  });
}
