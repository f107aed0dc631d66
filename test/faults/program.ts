// The frame of every fault program: a Millpond as a process with one group, the invariants watched from then on, and
// an orderly end after which nothing may be left. What failed keeps its directory and says where.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { CreateReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import type { NetworkKind } from '../../src/network/network.ts';
import { type Invariants, watchInvariants } from './invariants.ts';
import { type MillpondProcess, startMillpondProcess } from './millpond-process.ts';
import { nothingRunsIn } from './nothing-left.ts';
import { chosenSeed, type Random, seededRandom } from './random.ts';
import { until } from './wait.ts';

export interface Scene {
  millpond: MillpondProcess;
  groupId: string;
  invariants: Invariants;
  random: Random;
  /** A figure or a fact for the report. */
  tell(line: string): void;
}

export interface SceneOptions {
  group: keyof typeof GROUPS;
  /** When the environment gives none; absent: another every time. */
  seed?: number;
  flags?: string[];
  dataDir?: string;
}

const AVAILABLE_LIMIT_MS = 60_000;
/** There is something to lose before the first fault. */
const FIRST_WRITES = 30;

/** What is created, by what the programs call it. */
export const GROUPS = {
  'cluster mode off, 1+2': { NumCacheClusters: 3, AutomaticFailoverEnabled: true, MultiAZEnabled: true },
  'failover off, 1+1': { NumCacheClusters: 2, AutomaticFailoverEnabled: false },
  'cluster mode on, 2x(1+1)': {
    NumNodeGroups: 2,
    ReplicasPerNodeGroup: 1,
    AutomaticFailoverEnabled: true,
    CacheParameterGroupName: 'default.redis7.cluster.on',
  },
  'cluster mode on, 3x(1+1)': {
    NumNodeGroups: 3,
    ReplicasPerNodeGroup: 1,
    AutomaticFailoverEnabled: true,
    CacheParameterGroupName: 'default.redis7.cluster.on',
  },
} as const;

export async function createGroup(
  millpond: MillpondProcess,
  groupId: string,
  kind: keyof typeof GROUPS,
): Promise<void> {
  await millpond.elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: groupId,
      ReplicationGroupDescription: 'under fault',
      Engine: 'redis',
      CacheNodeType: 'cache.t4g.micro',
      ...GROUPS[kind],
    }),
  );
}

export const isAvailable = (millpond: MillpondProcess, groupId: string) =>
  until(`${groupId} is available`, AVAILABLE_LIMIT_MS, async () => {
    const { status } = await millpond.group(groupId);
    return status === 'available' || status;
  });

/** Runs `play` over a group that is available, and checks at its end that all is well and that nothing is left. */
export async function underFault(
  t: TestContext,
  options: SceneOptions,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  await withMillpond(t, options, async (millpond, random) => {
    const groupId = 'demo';
    await createGroup(millpond, groupId, options.group);
    await isAvailable(millpond, groupId);
    const invariants = await watchInvariants(millpond, groupId);
    try {
      await Promise.all(invariants.shards.map(({ writer }) => writer.written(FIRST_WRITES, 10_000)));
      await play({ millpond, groupId, invariants, random, tell: (line) => t.diagnostic(line) });
      await invariants.settled();
      await invariants.idles();
    } finally {
      await invariants.stop();
    }
  });
}

/** A Millpond without groups, ended in order; then nothing of it may run. */
export async function withMillpond(
  t: TestContext,
  options: {
    seed?: number;
    flags?: string[];
    dataDir?: string;
    network?: NetworkKind;
    env?: Record<string, string>;
  },
  play: (millpond: MillpondProcess, random: Random) => Promise<void>,
): Promise<void> {
  const seed = chosenSeed(options.seed);
  t.diagnostic(`FAULT_SEED=${seed}`);
  const millpond = await startMillpondProcess(options);
  let keep = true;
  try {
    await play(millpond, seededRandom(seed));
    const { groups } = await millpond.status();
    const ending = await millpond.down();
    assert.equal(ending.code, 0, ending.stderr);
    // The addresses of a network of its own have gone with it.
    const reachable = options.network === 'subnets' ? [] : groups;
    assert.equal(await nothingRunsIn(millpond.dataDir, reachable), true);
    keep = false;
  } catch (error) {
    t.diagnostic(`FAULT_SEED=${seed} failed; its directory is ${millpond.dataDir}`);
    throw error;
  } finally {
    await millpond.destroy({ keep });
  }
}
