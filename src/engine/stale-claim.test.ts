// Tests that a replaced primary, which restarts empty, does not become primary again through its own nodes.conf.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { freeAddress, testPort } from '../drivers/local/testing/loopback.ts';
import { createRealFleet, installedEngines } from '../drivers/local/testing/real-fleet.ts';
import { NODES_FILE } from './configuration.ts';
import type { NodeSpec } from './fleet.ts';
import { until } from './testing/settle.ts';

const engines = await installedEngines();

if (engines.length === 0) it('a stale claim to slots', { skip: 'no engine is installed' }, () => {});
for (const binary of engines)
  it(`${binary.engine} ${binary.version}: a replaced primary reclaims no slots, whatever its epoch`, async () => {
    const real = await createRealFleet([binary]);
    after(() => real.dispose());
    const { fleet } = real;
    const keys = ['old', 'new'];
    const ids = keys.map(() => randomBytes(20).toString('hex'));
    const addresses = [await freeAddress(), await freeAddress()];
    const specOf = (index: number, primary: number): NodeSpec => ({
      ...{
        key: keys[index]!,
        address: addresses[index]!,
        port: testPort,
        binary,
        directives: {},
        data: 'keep',
      },
      cluster: {
        ...{ self: ids[index]!, busPort: 1122, epoch: 1 },
        nodes: ids.map((id, at) => ({
          ...{ id, address: addresses[at]!, port: testPort, epoch: at === primary ? 1 : 0 },
          slots: at === primary ? [[0, 16_383]] : [],
          ...(at !== primary && { primaryId: ids[primary]! }),
        })),
      },
    });
    for (const index of [0, 1]) await fleet.start(specOf(index, 0));
    for (const key of keys) await fleet.ready(key);
    const successor = fleet.admin('new');
    await until('the replica is linked', async () => (await successor.observe()).link === 'up');
    await fleet.kill('old');
    await successor.send('CLUSTER', 'FAILOVER', 'TAKEOVER');
    await until('it takes writes', async () => {
      try {
        return (await successor.send('SET', 'k', 'v')) === 'OK';
      } catch {
        return false;
      }
    });
    // Epoch collisions may leave it higher than the epoch that the takeover got.
    const file = join(real.dataDir, 'nodes', 'old', NODES_FILE);
    const text = await readFile(file, 'utf8');
    assert.match(text, /myself,master/);
    const raised = text.replace(/(myself,master - \d+ \d+) \d+/, '$1 100').replace(/Epoch \d+/, 'Epoch 100');
    await writeFile(file, raised);
    await fleet.start(specOf(0, 1));
    await fleet.ready('old');
    await until('one follows the other', async () => {
      const views = await Promise.all(keys.map((key) => fleet.admin(key).observe()));
      return views.some(({ role, link, neverSynced }) => role === 'replica' && link === 'up' && !neverSynced);
    });
    assert.equal((await successor.observe()).role, 'primary');
    assert.equal(await successor.send('GET', 'k'), 'v');
  });
