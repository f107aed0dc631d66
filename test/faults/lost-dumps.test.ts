// Files of nodes are lost while nothing runs. What any member still has in a dump that can be loaded is there after
// the next start, whoever was the primary; what is gone is said.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { directoryOf, spoil, spoilingsFor, spoilSome } from './lost-dumps.ts';
import { underFault } from './program.ts';
import { shardsOf } from './victims.ts';

const GROUPS = ['cluster mode off, 1+2', 'failover off, 1+1', 'cluster mode on, 3x(1+1)'] as const;

for (const group of GROUPS) {
  test(`${group}: the primary's files are lost while it is down, in every way`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, random, tell }) => {
      for (const how of random.shuffled(spoilingsFor(group))) {
        const shards = await shardsOf(millpond, groupId);
        assert.equal((await millpond.down()).code, 0);
        for (const { primary } of shards) spoil(millpond, primary.id, how);
        await millpond.start();
        const { tookMs } = await invariants.settled({ acknowledgedBy: shards[0]!.replicas.length });
        for (const { id } of shards) invariants.forgive(id);
        tell(`${how}: settled in ${tookMs.toFixed(0)} ms`);
      }
    });
  });

  test(`${group}: the files of random members are lost while they are down`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, random, tell }) => {
      for (let round = 0; round < 6; round++) {
        const shards = await shardsOf(millpond, groupId);
        assert.equal((await millpond.down()).code, 0);
        const done = spoilSome(millpond, shards, spoilingsFor(group), random);
        await millpond.start();
        await invariants.settled({ acknowledgedBy: shards[0]!.replicas.length });
        for (const { id } of shards) invariants.forgive(id);
        tell(done.join(', '));
      }
    });
  });

  test(`${group}: all files of a shard are lost: it starts empty, and says so`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, random }) => {
      const shards = await shardsOf(millpond, groupId);
      const { id, members, primary } = random.pick(shards);
      assert.equal((await millpond.down()).code, 0);
      for (const member of members) spoil(millpond, member.id, 'cut the dump short');
      invariants.forgive(id);
      await millpond.start();
      invariants.forgive(id);
      await invariants.settled();
      const { events } = (await millpond.why(groupId))!;
      const told = events.filter((event) => event.includes(primary.id) && /dump is damaged/.test(event));
      assert.equal(told.length, 1, events.join('\n'));
      assert.match(told[0]!, /no other node of its shard has any/);
      assert.ok(
        millpond.logLines().some(({ msg }) => msg.startsWith(`${primary.id} starts without its data`)),
      );
      for (const member of members) {
        const kept = readdirSync(directoryOf(millpond, member.id)).filter((name) => /damaged-/.test(name));
        assert.equal(kept.length, 1, `${member.id}: ${kept}`);
      }
    });
  });

  test(`${group}: everything is killed after an earlier end in order: an old copy comes back`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants }) => {
      assert.equal((await millpond.down()).code, 0);
      const written = new Map(
        invariants.shards.map(({ shardId, writer }) => [shardId, writer.acknowledged.length]),
      );
      await millpond.start();
      await invariants.settled({ acknowledgedBy: 0 });
      const shards = await shardsOf(millpond, groupId);
      await millpond.kill9();
      for (const { members } of shards) for (const { pid } of members) process.kill(pid!, 'SIGKILL');
      for (const { id } of shards) invariants.forgive(id);
      await millpond.start();
      for (const { id } of shards) invariants.forgive(id);
      await invariants.settled();
      for (const { shardId, writer } of invariants.shards) {
        const early = new Set(writer.acknowledged.slice(0, written.get(shardId)).map(({ key }) => key));
        const missing = await writer.missing(0, { forgivenToo: true });
        assert.deepEqual(
          missing.filter((key) => early.has(key)),
          [],
        );
      }
    });
  });
}
