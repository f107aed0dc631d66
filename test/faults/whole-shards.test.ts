// Failures that leave little or nothing of a shard: several nodes at once, all of them, and groups in which nobody
// may be promoted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from './program.ts';
import { areReplaced, shardsOf, strike } from './victims.ts';

test('a primary and one of its two replicas at once', async (t) => {
  await underFault(
    t,
    { group: 'cluster mode off, 1+2' },
    async ({ millpond, groupId, invariants, random }) => {
      for (const name of random.shuffled(['SIGKILL', 'SIGSTOP'] as const)) {
        const [shard] = await shardsOf(millpond, groupId);
        const victims = [shard!.primary, random.pick(shard!.replicas)];
        strike(victims, name);
        await areReplaced(millpond, victims);
        // What only the killed replica had is nobody's to give back.
        await invariants.settled({ acknowledgedBy: 2 });
      }
    },
  );
});

test('both replicas at once', async (t) => {
  await underFault(
    t,
    { group: 'cluster mode off, 1+2' },
    async ({ millpond, groupId, invariants, random }) => {
      for (const name of random.shuffled(['SIGKILL', 'SIGSTOP'] as const)) {
        const [shard] = await shardsOf(millpond, groupId);
        strike(shard!.replicas, name);
        await areReplaced(millpond, shard!.replicas);
        await invariants.settled();
      }
    },
  );
});

for (const count of [2, 3]) {
  test(`${count} of a cluster's three primaries at once`, async (t) => {
    await underFault(t, { group: 'cluster mode on, 3x(1+1)' }, async (scene) => {
      const { millpond, groupId, invariants, random, tell } = scene;
      for (const name of ['SIGKILL', 'SIGSTOP'] as const) {
        const shards = random.shuffled(await shardsOf(millpond, groupId)).slice(0, count);
        const victims = shards.map(({ primary }) => primary);
        const at = performance.now();
        strike(victims, name);
        await areReplaced(millpond, victims);
        const { tookMs } = await invariants.settled();
        const gap = Math.max(...invariants.shards.map(({ writer }) => writer.gapSince(at)));
        tell(`${name}: no write for ${gap.toFixed(0)} ms, settled in ${tookMs.toFixed(0)} ms`);
      }
    });
  });
}

test('failover off: the primary is rebuilt from its replica, and roles stay', async (t) => {
  await underFault(t, { group: 'failover off, 1+1' }, async ({ millpond, groupId, invariants, tell }) => {
    for (const name of ['SIGKILL', 'SIGSTOP'] as const) {
      const [before] = await shardsOf(millpond, groupId);
      const at = performance.now();
      strike([before!.primary], name);
      await areReplaced(millpond, [before!.primary]);
      await invariants.settled();
      tell(`${name}: no write for ${invariants.shards[0]!.writer.gapSince(at).toFixed(0)} ms`);
      const [after] = await shardsOf(millpond, groupId);
      assert.equal(after!.primary.id, before!.primary.id);
    }
    const [shard] = await shardsOf(millpond, groupId);
    strike(shard!.replicas, 'SIGKILL');
    await areReplaced(millpond, shard!.replicas);
  });
});

for (const group of ['cluster mode off, 1+2', 'failover off, 1+1', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: all nodes of a shard are killed`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, random, tell }) => {
      const shard = random.pick(await shardsOf(millpond, groupId));
      const { writer } = invariants.shard(shard.id);
      const written = writer.acknowledged.length;
      strike(shard.members, 'SIGKILL');
      // Before the new primary can be asked; and what the old one acknowledged at the very last.
      invariants.forgive(shard.id);
      await areReplaced(millpond, shard.members);
      invariants.forgive(shard.id);
      await invariants.settled();
      const lost = (await writer.missing(0, { forgivenToo: true })).length;
      tell(`${lost} of ${written} writes are gone`);
      // Never an older copy: what is back is all or nothing.
      assert.ok(lost === 0 || lost >= written, `an old copy came back, without ${lost} of ${written} writes`);
    });
  });
}

test('all nodes of a cluster are killed, and later its Millpond with them', async (t) => {
  await underFault(t, { group: 'cluster mode on, 3x(1+1)' }, async ({ millpond, groupId, invariants }) => {
    for (const withMillpond of [false, true]) {
      const shards = await shardsOf(millpond, groupId);
      const members = shards.flatMap((shard) => shard.members);
      if (withMillpond) await millpond.kill9();
      strike(members, 'SIGKILL');
      for (const { id } of shards) invariants.forgive(id);
      if (withMillpond) await millpond.start();
      await areReplaced(millpond, members);
      for (const { id } of shards) invariants.forgive(id);
      await invariants.settled();
    }
  });
});

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: an orderly end and a new start keep the data`, async (t) => {
    await underFault(t, { group }, async ({ millpond, invariants }) => {
      const ending = await millpond.down();
      assert.equal(ending.code, 0, ending.stderr);
      await millpond.start();
      await invariants.settled({ acknowledgedBy: 0 });
    });
  });
}
