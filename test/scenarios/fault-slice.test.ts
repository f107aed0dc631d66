// A short slice of the fault suite for every run: one group, a few faults in an order that its seed gives, with
// everything checked that test/faults checks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoil, spoilingsFor } from '../faults/lost-dumps.ts';
import { type Scene, underFault } from '../faults/program.ts';
import { areReplaced, type Shard, shardsOf, strike } from '../faults/victims.ts';

const SEED = 20_261_121;

type Fault = (scene: Scene) => Promise<void>;

const FAULTS: Record<string, Fault> = {
  async 'kill the primary'({ millpond, groupId }) {
    const [shard] = await shardsOf(millpond, groupId);
    strike([shard!.primary], 'SIGKILL');
    await areReplaced(millpond, [shard!.primary]);
  },
  async 'kill a replica'({ millpond, groupId, random }) {
    const [shard] = await shardsOf(millpond, groupId);
    const victim = random.pick(shard!.replicas);
    strike([victim], 'SIGKILL');
    await areReplaced(millpond, [victim]);
  },
  async 'stop the primary'({ millpond, groupId }) {
    const [shard] = await shardsOf(millpond, groupId);
    strike([shard!.primary], 'SIGSTOP');
    await areReplaced(millpond, [shard!.primary]);
  },
  async 'kill Millpond'({ millpond }) {
    await millpond.kill9();
    await millpond.start();
  },
  async 'kill the primary while Millpond is dead'({ millpond, groupId }) {
    const [shard] = await shardsOf(millpond, groupId);
    await millpond.kill9();
    strike([shard!.primary], 'SIGKILL');
    await millpond.start();
    await areReplaced(millpond, [shard!.primary]);
  },
  async 'lose dumps while nothing runs'({ millpond, groupId, invariants, random, tell }) {
    const shards = await shardsOf(millpond, groupId);
    const ending = await millpond.down();
    assert.equal(ending.code, 0, ending.stderr);
    const [{ primary, replicas }] = shards as [Shard];
    spoil(millpond, primary.id, 'remove the dump');
    const how = random.pick(spoilingsFor('cluster mode off'));
    spoil(millpond, random.pick(replicas).id, how);
    tell(`without the dump of the primary; ${how} of a replica`);
    await millpond.start();
    // What only some of the members had may have been in the dumps that are lost.
    await invariants.settled({ acknowledgedBy: shards[0]!.replicas.length });
    for (const { id } of shards) invariants.forgive(id);
  },
};

test('a group of three under faults', async (t) => {
  await underFault(t, { group: 'cluster mode off, 1+2', seed: SEED }, async (scene) => {
    for (const name of scene.random.shuffled(Object.keys(FAULTS))) {
      await FAULTS[name]!(scene);
      const { tookMs } = await scene.invariants.settled();
      scene.tell(`${name}: settled in ${tookMs.toFixed(0)} ms`);
    }
  });
});
