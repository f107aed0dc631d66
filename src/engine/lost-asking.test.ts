// Tests a cluster client whose ASKING is lost, against a real cluster with a half-moved slot.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Cluster } from 'ioredis';
import { tolerateLostAsking } from './lost-asking.ts';
import { slotOf } from './resharding/testing/inspect.ts';
import { startTestCluster } from './resharding/testing/test-cluster.ts';

test('a client survives a node that is dropped before it answers ASKING', async (t) => {
  const cluster = await startTestCluster({ slots: [[[0, 16_383]], []], replicasPerShard: 0 });
  t.after(() => cluster.stop());
  const [from, to] = [cluster.members[0]![0]!, cluster.members[1]![0]!];
  const slot = slotOf('a');
  await to.admin.send('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
  await from.admin.send('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
  // A stopped node accepts connections and answers nothing. It owns no slot, so a client that reads the slots drops
  // it.
  to.process.kill('SIGSTOP');
  const client = new Cluster([{ host: from.address, port: 6379 }], {
    slotsRefreshTimeout: 100,
    clusterRetryStrategy: () => null,
  });
  t.after(() => client.disconnect());
  client.on('error', () => {});
  tolerateLostAsking(client);
  await once(client, 'ready');
  const found = once(client, '+node');
  const got = client.get('a');
  await found;
  const dropped = once(client, '-node');
  client.refreshSlotsCache();
  await dropped;
  to.process.kill('SIGCONT');
  assert.equal(await got, null);
});
