// Millpond is killed in the middle of everything it does, at chosen moments and at the beginning of each step, and
// started again: what was answered is carried out, what was not is carried out or never begun, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeEventsCommand } from '@aws-sdk/client-elasticache';
import { cutOffAfter, cutOffAtStep, type Outcome } from './cut-off.ts';
import { portOf } from './endpoints-right.ts';
import { describe, setNodeType, setReplicas, setShards, testFailover } from './operations.ts';
import { type GROUPS, type Scene, underFault } from './program.ts';
import { ask } from './session.ts';
import { areReplaced, shardsOf, strike } from './victims.ts';
import { during, until } from './wait.ts';

const ROUNDS = 5;
const MOST_STEPS = 12;
/** The latest moment of the end after a call: most calls are answered and many carried out by then. */
const LATEST_MS = 400;
const LATEST_OF_RESHARDING_MS = 6_000;
const LATEST_OF_FAILOVER_MS = 40;

interface Operation {
  group: keyof typeof GROUPS;
  call(scene: Scene): Promise<unknown>;
  /** What the call changes, as text that differs before and after. */
  look(scene: Scene): Promise<string>;
  movesSlots?: boolean;
}

const count = async ({ millpond, groupId }: Scene, what: 'members' | 'shards') => {
  const shards = await shardsOf(millpond, groupId);
  return what === 'shards' ? shards.length : shards[0]!.members.length;
};

const OPERATIONS: Record<string, Operation> = {
  'a test failover': {
    group: 'cluster mode off, 1+2',
    call: ({ millpond, groupId }) => testFailover(millpond, groupId, '0001'),
    look: async ({ millpond, groupId }) => (await shardsOf(millpond, groupId))[0]!.primary.id,
  },
  'a test failover, cluster mode on': {
    group: 'cluster mode on, 3x(1+1)',
    call: ({ millpond, groupId }) => testFailover(millpond, groupId, '0002'),
    look: async ({ millpond, groupId }) => (await shardsOf(millpond, groupId))[1]!.primary.id,
  },
  'a change of the number of replicas': {
    group: 'cluster mode off, 1+2',
    call: async (scene) =>
      (await count(scene, 'members')) === 3
        ? setReplicas(scene.millpond, scene.groupId, 'increase', 3)
        : setReplicas(scene.millpond, scene.groupId, 'decrease', 2),
    look: async (scene) => String(await count(scene, 'members')),
  },
  'a change of the number of replicas, cluster mode on': {
    group: 'cluster mode on, 3x(1+1)',
    call: async (scene) =>
      (await count(scene, 'members')) === 2
        ? setReplicas(scene.millpond, scene.groupId, 'increase', 2)
        : setReplicas(scene.millpond, scene.groupId, 'decrease', 1),
    look: async (scene) => String(await count(scene, 'members')),
  },
  'another node type': {
    group: 'cluster mode off, 1+2',
    call: async ({ millpond, groupId }) => {
      const { CacheNodeType } = (await describe(millpond, groupId))!;
      const other = CacheNodeType === 'cache.t4g.micro' ? 'cache.t4g.small' : 'cache.t4g.micro';
      return setNodeType(millpond, groupId, other);
    },
    look: async ({ millpond, groupId }) => (await describe(millpond, groupId))!.CacheNodeType!,
  },
  'a resharding': {
    group: 'cluster mode on, 3x(1+1)',
    call: async (scene) => {
      const present = (await shardsOf(scene.millpond, scene.groupId)).map(({ id }) => id);
      return setShards(scene.millpond, scene.groupId, present.length === 3 ? 4 : 3, present);
    },
    look: async (scene) => String(await count(scene, 'shards')),
    movesSlots: true,
  },
};

/** What was answered has come true by the time that all is well again. */
async function checkOutcome(scene: Scene, operation: Operation, before: string, outcome: Outcome) {
  const { tookMs } = await scene.invariants.settled();
  const after = await operation.look(scene);
  scene.tell(`${outcome}: ${before} -> ${after}, settled in ${tookMs.toFixed(0)} ms`);
  if (outcome === 'answered') assert.notEqual(after, before, 'what was answered is carried out');
}

for (const [name, operation] of Object.entries(OPERATIONS)) {
  test(`Millpond is killed at chosen moments of ${name}`, async (t) => {
    await underFault(t, { group: operation.group }, async (scene) => {
      if (operation.movesSlots) scene.invariants.allowMoves();
      for (let round = 0; round < ROUNDS; round++) {
        const before = await operation.look(scene);
        const delayMs = scene.random.below(operation.movesSlots ? LATEST_OF_RESHARDING_MS : LATEST_MS);
        await describe(scene.millpond, scene.groupId); // The client's first call takes longer than others.
        const outcome = await cutOffAfter(scene.millpond, delayMs, () => operation.call(scene));
        await checkOutcome(scene, operation, before, outcome);
      }
    });
  });

  test(`Millpond is killed at each step of ${name}`, async (t) => {
    await underFault(t, { group: operation.group }, async (scene) => {
      if (operation.movesSlots) scene.invariants.allowMoves();
      let completed = 0;
      for (let step = 1; step <= MOST_STEPS; step++) {
        const before = await operation.look(scene);
        const isDone = async () => {
          const group = (await scene.millpond.why(scene.groupId))!;
          return (
            (await operation.look(scene)) !== before &&
            group.desired.status === 'available' &&
            group.plan.length === 0
          );
        };
        const outcome = await cutOffAtStep(scene.millpond, step, () => operation.call(scene), isDone);
        if (outcome === undefined) {
          await scene.invariants.settled();
          // There and back have different numbers of steps.
          if (++completed === 2) break;
          continue;
        }
        scene.tell(`step ${step}`);
        await checkOutcome(scene, operation, before, outcome);
      }
    });
  });
}

for (const group of ['cluster mode off, 1+2', 'failover off, 1+1', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: a primary is killed while Millpond is dead`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, random, tell }) => {
      for (let round = 0; round < 2; round++) {
        const shard = random.pick(await shardsOf(millpond, groupId));
        await millpond.kill9();
        process.kill(shard.primary.pid!, 'SIGKILL');
        await millpond.start();
        await until('its process is another one', 30_000, async () => {
          const { pid } = await millpond.member(groupId, shard.primary.id);
          return pid !== undefined && pid !== shard.primary.pid;
        });
        const { tookMs } = await invariants.settled();
        const after = (await shardsOf(millpond, groupId)).find(({ id }) => id === shard.id)!;
        tell(`${shard.primary.id} -> ${after.primary.id}, settled in ${tookMs.toFixed(0)} ms`);
        if (group === 'failover off, 1+1') assert.equal(after.primary.id, shard.primary.id);
        else assert.notEqual(after.primary.id, shard.primary.id);
      }
    });
  });
}

test('a failover is told as completed when clients can write, and not before', async (t) => {
  // Two shards have no majority without one of them: their own election cannot happen, and the cluster is down.
  const flags = ['--failure-detection-ms=500'];
  await underFault(t, { group: 'cluster mode on, 2x(1+1)', flags }, async (scene) => {
    const { millpond, groupId, invariants } = scene;
    const [shard] = await shardsOf(millpond, groupId);
    const [replica] = shard!.replicas;
    const port = portOf(replica!.endpoint);
    const sawDown = async () =>
      /cluster_state:fail/.test(String(await ask(replica!.address, port, 'CLUSTER', 'INFO')));
    await millpond.kill9();
    strike([shard!.primary], 'SIGKILL');
    await until('the cluster is down', 30_000, sawDown);
    await millpond.start();
    const isTold = async () => {
      const { Events } = await millpond.elasticache.send(new DescribeEventsCommand({ Duration: 60 }));
      return Events!.some(({ Message }) => Message!.startsWith('Failover from primary node'));
    };
    await until('the failover is told', 30_000, isTold);
    assert.equal(await sawDown(), false);
    const key = `{${invariants.shard(shard!.id).writer.tag}}:told`;
    assert.equal(await ask(replica!.address, port, 'SET', key, 'value'), 'OK');
    await areReplaced(millpond, [shard!.primary]);
  });
});

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: a primary is killed, and Millpond while it sees to that`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, random, tell }) => {
      for (let round = 0; round < ROUNDS; round++) {
        const shard = random.pick(await shardsOf(millpond, groupId));
        const delayMs = random.below(LATEST_OF_FAILOVER_MS);
        strike([shard.primary], 'SIGKILL');
        await during(delayMs);
        await millpond.kill9();
        await millpond.start();
        await areReplaced(millpond, [shard.primary]);
        const { tookMs } = await invariants.settled();
        tell(`killed after ${delayMs} ms, settled in ${tookMs.toFixed(0)} ms`);
      }
    });
  });
}
