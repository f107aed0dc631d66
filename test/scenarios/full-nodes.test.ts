// Clients that hold every connection a node takes keep Millpond from nothing: a failover happens all the same.

import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { CreateReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import type { MillpondStatus } from '../../src/status.ts';
import { startTestMillpond } from '../support/millpond.ts';
import { nodeAdmin } from '../support/node-admin.ts';
import { eventually, untilAvailable } from '../support/replication-groups.ts';

const ID = 'crowded';
const MOST_CLIENTS = 30;

/** Connects until the node refuses. Its clients stay until the test ends, or the node. */
async function crowd(t: TestContext, address: string): Promise<void> {
  const isRefused = () =>
    new Promise<boolean>((resolve, reject) => {
      const socket: Socket = connect({ host: address, port: 6379 });
      t.after(() => socket.destroy());
      socket.on('error', reject);
      socket.once('data', (text) => resolve(/max number of clients/.test(String(text))));
      socket.write('PING\r\n');
    });
  for (let count = 0; !(await isRefused()); count++) assert.ok(count < MOST_CLIENTS, 'it takes too many');
}

for (const clusterMode of [false, true]) {
  test(`a primary dies while all nodes are full, cluster mode ${clusterMode ? 'on' : 'off'}`, async (t) => {
    const millpond = await startTestMillpond();
    t.after(() => millpond.stop());
    const status = async () =>
      (await (await fetch(`${millpond.url}/_millpond/status`)).json()) as MillpondStatus;
    const members = async () => (await status()).groups[0]!.members;
    await millpond.elasticache.send(
      new CreateReplicationGroupCommand({
        ...{ ReplicationGroupId: ID, ReplicationGroupDescription: 'd', CacheNodeType: 'cache.t4g.micro' },
        ...{ Engine: 'redis', AutomaticFailoverEnabled: true },
        ...(clusterMode ? { NumNodeGroups: 1, ReplicasPerNodeGroup: 2 } : { NumCacheClusters: 3 }),
      }),
    );
    await untilAvailable(millpond.elasticache, ID);
    const before = await members();
    for (const { id, address } of before) {
      const admin = nodeAdmin(millpond.dataDir, id);
      await admin.send('CONFIG', 'SET', 'maxclients', MOST_CLIENTS);
      admin.disconnect();
      await crowd(t, address);
    }
    const primary = before.find(({ role }) => role === 'primary')!;
    process.kill(primary.pid!, 'SIGKILL');
    const promoted = await eventually('another is the primary', async () =>
      (await members()).find(({ id, role }) => role === 'primary' && id !== primary.id),
    );
    assert.ok(
      before.some(({ id, pid }) => id === promoted.id && pid === promoted.pid),
      'it was not restarted',
    );
  });
}
