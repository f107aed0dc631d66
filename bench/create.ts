// Creating a group, from the request to the first SET through its name, compared with starting the same engines by
// hand.

import { createClusterClient, createNodeClient } from '../src/cli/drill/endpoint-client.ts';
import { startTestCluster } from '../src/engine/resharding/testing/test-cluster.ts';
import type { Bench } from './context.ts';
import { ask, asSoonAs, type BareEngine, PORT, spawnBareEngine } from './engines.ts';
import { type BenchMillpond, hostOf, startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row } from './row.ts';

export const THREE_MEMBERS = {
  NumCacheClusters: '3',
  AutomaticFailoverEnabled: 'true',
  MultiAZEnabled: 'true',
};
export const THREE_SHARDS = {
  NumNodeGroups: '3',
  ReplicasPerNodeGroup: '1',
  AutomaticFailoverEnabled: 'true',
};
export const THREE_RANGES: [number, number][][] = [[[0, 5_460]], [[5_461, 10_922]], [[10_923, 16_383]]];

/** Rows of the time until the first SET. */
export async function measureCreate(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  const rounds = bench.rounds(7, 3);
  // Learns the shape of the names: the first SET must not wait for the answer to the request.
  const hash = await learnNames(millpond);
  const ours: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bench.say(`create, cluster mode off: round ${round + 1} of ${rounds}`);
    byHand.push(await threeByHand(bench));
    ours.push(await createUntilSet(millpond, `off-${round}`, hash));
  }
  const clusterRounds = bench.rounds(3, 1);
  const ourClusters: number[] = [];
  const clustersByHand: number[] = [];
  for (let round = 0; round < clusterRounds; round++) {
    bench.say(`create, cluster mode on: round ${round + 1} of ${clusterRounds}`);
    clustersByHand.push(await clusterByHand(bench));
    ourClusters.push(await createUntilSet(millpond, `on-${round}`, hash, { cluster: true }));
  }
  return [
    row('create, cluster mode off, 1+2: request to first SET, p50', p50(ours), 'ms', {
      floor: p50(byHand),
      target: { ratioAtMost: 3 },
    }),
    row('create, cluster mode on, 3×(1+1): request to first SET, p50', p50(ourClusters), 'ms', {
      floor: p50(clustersByHand),
      target: { ratioAtMost: 1.3 },
    }),
  ];
}

export const creation = (id: string, shape: Record<string, string>): Record<string, string> => ({
  ReplicationGroupId: id,
  ReplicationGroupDescription: 'benchmark',
  Engine: 'redis',
  CacheNodeType: 'cache.t4g.micro',
  ...shape,
});

/** The part of a primary's name after the group's id. */
export async function learnNames(millpond: BenchMillpond): Promise<string> {
  await millpond.request('CreateReplicationGroup', creation('first', { NumCacheClusters: '1' }));
  const { endpoints } = await millpond.settled('first');
  return hostOf(endpoints.primary).split('.')[1]!;
}

export async function createUntilSet(
  millpond: BenchMillpond,
  id: string,
  hash: string,
  { cluster = false } = {},
): Promise<number> {
  const host = cluster
    ? `${id}.${hash}.clustercfg.use1.cache.amazonaws.com`
    : `${id}.${hash}.ng.0001.use1.cache.amazonaws.com`;
  const endpoint = { host, port: PORT };
  const client = cluster
    ? createClusterClient(endpoint, millpond.names, 'primaries')
    : createNodeClient(endpoint, millpond.names);
  const startedAt = performance.now();
  const answered = millpond.request(
    'CreateReplicationGroup',
    creation(id, cluster ? THREE_SHARDS : THREE_MEMBERS),
  );
  try {
    await asSoonAs(() => client.attempt((redis) => redis.set('first', id)));
    const tookMs = performance.now() - startedAt;
    await answered;
    await millpond.settled(id);
    return tookMs;
  } finally {
    client.close();
    await millpond.delete(id);
  }
}

/**
 * Starts three servers in parallel and makes two of them replicas of the third; measures until the first SET and both
 * links.
 */
async function threeByHand(bench: Bench): Promise<number> {
  const startedAt = performance.now();
  const engines = await Promise.all([0, 1, 2].map(() => spawnBareEngine(bench)));
  const [primary, ...replicas] = engines as [BareEngine, ...BareEngine[]];
  await asSoonAs(() => ask(primary.address, 'SET', 'first', 'set'));
  await Promise.all(
    replicas.map(({ address }) => asSoonAs(() => ask(address, 'REPLICAOF', primary.address, PORT))),
  );
  await asSoonAs(async () => {
    const told = String(await ask(primary.address, 'INFO', 'replication'));
    return /connected_slaves:2/.test(told) ? true : undefined;
  });
  const tookMs = performance.now() - startedAt;
  await Promise.all(engines.map((engine) => engine.kill()));
  return tookMs;
}

async function clusterByHand(bench: Bench): Promise<number> {
  const startedAt = performance.now();
  const cluster = bench.own(await startTestCluster({ slots: THREE_RANGES, replicasPerShard: 1 }));
  const tookMs = performance.now() - startedAt;
  await cluster.stop();
  return tookMs;
}
