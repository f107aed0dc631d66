// Planned changes of a primary, which lose nothing at all: not even what no replica had acknowledged yet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { memberOf } from '../../src/services/elasticache/clusters/domain/model.ts';
import { portOf } from './endpoints-right.ts';
import type { MillpondProcess } from './millpond-process.ts';
import { describe, setNodeType } from './operations.ts';
import { underFault } from './program.ts';
import { openSession } from './session.ts';
import { areReplaced, shardsOf } from './victims.ts';
import { until } from './wait.ts';

const STAY_FOR_LONG = '--demoted-grace-ms=60000';
const LEAVE_AT_ONCE = '--demoted-grace-ms=0';

const promote = ({ elasticache }: MillpondProcess, groupId: string, memberId: string) =>
  elasticache.send(
    new ModifyReplicationGroupCommand({
      ReplicationGroupId: groupId,
      PrimaryClusterId: memberId,
      ApplyImmediately: true,
    }),
  );

/** Whether the record says that clients are to leave the member. */
async function drains(millpond: MillpondProcess, groupId: string, memberId: string): Promise<boolean> {
  const { desired } = (await millpond.why(groupId))!;
  return memberOf(desired, memberId)!.member.drain !== undefined;
}

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: another node type, there and back`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, tell }) => {
      for (const nodeType of ['cache.t4g.small', 'cache.t4g.micro']) {
        const at = performance.now();
        await setNodeType(millpond, groupId, nodeType);
        await invariants.settled({ acknowledgedBy: 0 });
        assert.equal((await describe(millpond, groupId))!.CacheNodeType, nodeType);
        const gaps = invariants.shards.map(({ writer }) => writer.gapSince(at).toFixed(0));
        tell(`${nodeType}: no write for ${gaps.join(', ')} ms`);
      }
    });
  });
}

test('Millpond is killed while clients of a demoted primary may stay: they are let go all the same', async (t) => {
  const flags = [STAY_FOR_LONG];
  await underFault(t, { group: 'failover off, 1+1', flags }, async ({ millpond, groupId, invariants }) => {
    const [before] = await shardsOf(millpond, groupId);
    const { id, address, endpoint } = before!.primary;
    const session = await openSession(address, portOf(endpoint));
    await promote(millpond, groupId, before!.replicas[0]!.id);
    await until(`${id} is demoted`, 10_000, () => drains(millpond, groupId, id));
    await millpond.kill9();
    const [refusal] = await session.send(['SET', 'key', 'value']);
    assert.match(String(refusal), /READONLY/);
    await millpond.start();
    assert.equal(await drains(millpond, groupId, id), true, 'the grace goes on');
    assert.equal(session.isOpen, true);
    flags[0] = LEAVE_AT_ONCE;
    await millpond.kill9();
    await millpond.start();
    await until('the client is let go', 10_000, () => !session.isOpen);
    await invariants.settled({ acknowledgedBy: 0 });
  });
});

test('Millpond is killed while clients of a replica may stay: its restart waits for them', async (t) => {
  const flags = [STAY_FOR_LONG];
  await underFault(t, { group: 'failover off, 1+1', flags }, async ({ millpond, groupId, invariants }) => {
    const [replica] = (await shardsOf(millpond, groupId))[0]!.replicas;
    await setNodeType(millpond, groupId, 'cache.t4g.small');
    await until(`${replica!.id} is left by its clients`, 10_000, () =>
      drains(millpond, groupId, replica!.id),
    );
    await millpond.kill9();
    await millpond.start();
    await until('it is seen again', 10_000, async () => {
      const { observed } = (await millpond.why(groupId))!;
      return observed[replica!.id]!.state === 'running';
    });
    assert.equal((await millpond.member(groupId, replica!.id)).pid, replica!.pid);
    const { waits } = (await millpond.why(groupId))!;
    assert.ok(waits.includes(`clients may still stay connected to ${replica!.id}`), waits.join('; '));
    assert.equal(await drains(millpond, groupId, replica!.id), true);
    flags[0] = LEAVE_AT_ONCE;
    await millpond.kill9();
    await millpond.start();
    await areReplaced(millpond, [replica!]);
    await invariants.settled({ acknowledgedBy: 0 });
  });
});

test('another node type, with the grace that clients have by default', async (t) => {
  const flags = ['--demoted-grace-ms=500'];
  await underFault(
    t,
    { group: 'cluster mode off, 1+2', flags },
    async ({ millpond, groupId, invariants }) => {
      await setNodeType(millpond, groupId, 'cache.t4g.small');
      await invariants.settled({ acknowledgedBy: 0 });
    },
  );
});

test('another primary by its id', async (t) => {
  await underFault(t, { group: 'failover off, 1+1' }, async ({ millpond, groupId, invariants, tell }) => {
    for (let round = 0; round < 4; round++) {
      const [shard] = await shardsOf(millpond, groupId);
      const to = shard!.replicas[0]!.id;
      const at = performance.now();
      await promote(millpond, groupId, to);
      await until(`${to} is the primary`, 10_000, async () => {
        const [now] = await shardsOf(millpond, groupId);
        return now!.primary.id === to;
      });
      await invariants.settled({ acknowledgedBy: 0 });
      tell(`no write for ${invariants.shards[0]!.writer.gapSince(at).toFixed(0)} ms`);
    }
  });
});
