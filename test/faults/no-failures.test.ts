// What looks like a failure and is none: an engine that is busy or was told to pause, and a Millpond that itself
// stood still. Nothing may be killed, promoted or restarted for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupStatus } from '../../src/status.ts';
import { type Scene, underFault } from './program.ts';
import { openSession } from './session.ts';
import { shardsOf, strike } from './victims.ts';
import { during, until } from './wait.ts';

const BUSY_MS = 5_000;
/** After it, for what would still be decided late. */
const AFTERWARDS_MS = 1_500;

const BUSY_SCRIPT = `local function now() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end
local till = now() + tonumber(ARGV[1]) while now() < till do end return 'done'`;

const processesOf = (group: GroupStatus) =>
  group.members.map(({ id, role, pid }) => ({ id, role, pid })).sort((a, b) => a.id.localeCompare(b.id));

async function leavesAllAsItWas(scene: Scene, happens: () => Promise<void>): Promise<void> {
  const { millpond, groupId, invariants } = scene;
  const before = processesOf(await millpond.group(groupId));
  await happens();
  await during(AFTERWARDS_MS);
  await invariants.settled();
  assert.deepEqual(processesOf(await millpond.group(groupId)), before);
}

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: a script keeps a primary busy`, async (t) => {
    await underFault(t, { group }, async (scene) => {
      const shard = scene.random.pick(await shardsOf(scene.millpond, scene.groupId));
      const { address, endpoint } = shard.primary;
      await leavesAllAsItWas(scene, async () => {
        const session = await openSession(address, Number(endpoint.split(':')[1]), 2 * BUSY_MS);
        const [reply] = await session.send(['EVAL', BUSY_SCRIPT, 0, BUSY_MS]);
        session.close();
        assert.equal(reply, 'done');
      });
    });
  });

  test(`${group}: CLIENT PAUSE on a primary and on a replica`, async (t) => {
    await underFault(t, { group }, async (scene) => {
      const shard = scene.random.pick(await shardsOf(scene.millpond, scene.groupId));
      for (const { address, endpoint } of [shard.primary, scene.random.pick(shard.replicas)]) {
        await leavesAllAsItWas(scene, async () => {
          const session = await openSession(address, Number(endpoint.split(':')[1]), 2 * BUSY_MS);
          const [reply] = await session.send(['CLIENT', 'PAUSE', BUSY_MS, 'ALL']);
          assert.equal(reply, 'OK');
          await session.send(['PING']);
          session.close();
        });
      }
    });
  });

  test(`${group}: Millpond stands still for a while`, async (t) => {
    await underFault(t, { group }, async (scene) => {
      const { millpond } = scene;
      await leavesAllAsItWas(scene, async () => {
        millpond.signal('SIGSTOP');
        await during(BUSY_MS);
        millpond.signal('SIGCONT');
      });
    });
  });
}

test('a primary that is stopped for less than the detection time stays primary', async (t) => {
  await underFault(t, { group: 'cluster mode off, 1+2' }, async (scene) => {
    const [shard] = await shardsOf(scene.millpond, scene.groupId);
    await leavesAllAsItWas(scene, async () => {
      strike([shard!.primary], 'SIGSTOP');
      await during(1_000);
      strike([shard!.primary], 'SIGCONT');
    });
  });
});

test('a primary that dies while Millpond stands still is replaced when that wakes', async (t) => {
  await underFault(t, { group: 'cluster mode off, 1+2' }, async ({ millpond, groupId, invariants }) => {
    const [shard] = await shardsOf(millpond, groupId);
    millpond.signal('SIGSTOP');
    strike([shard!.primary], 'SIGKILL');
    await during(1_000);
    millpond.signal('SIGCONT');
    await until('another primary', 5_000, async () => {
      const [now] = await shardsOf(millpond, groupId);
      return now!.primary.id !== shard!.primary.id;
    });
    await invariants.settled();
  });
});

test('a stopped primary that is woken after the promotion accepts no write', async (t) => {
  await underFault(t, { group: 'cluster mode off, 1+2' }, async ({ millpond, groupId, invariants, tell }) => {
    const [shard] = await shardsOf(millpond, groupId);
    const { address, endpoint } = shard!.primary;
    const session = await openSession(address, Number(endpoint.split(':')[1]), 20_000);
    strike([shard!.primary], 'SIGSTOP');
    const late = session.send(['SET', '{only}:late', 'x']).catch((error: Error) => error);
    await until('another primary', 5_000, async () => {
      const [now] = await shardsOf(millpond, groupId);
      return now!.primary.id !== shard!.primary.id;
    });
    strike([shard!.primary], 'SIGCONT');
    const reply = await late;
    tell(`the write that waited: ${reply}`);
    assert.ok(reply instanceof Error);
    session.close();
    await invariants.settled();
  });
});
