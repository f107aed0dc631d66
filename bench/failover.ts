// kill -9 of a primary: how long a client that knows only the endpoint's name waits for its next acknowledged write.
// Compared with Sentinel, and in cluster mode with the engine's own election.

import {
  createClusterClient,
  createNodeClient,
  type EndpointClient,
} from '../src/cli/drill/endpoint-client.ts';
import { startTestCluster, type TestCluster } from '../src/engine/resharding/testing/test-cluster.ts';
import { type Bench, createBench } from './context.ts';
import { creation, THREE_MEMBERS, THREE_RANGES, THREE_SHARDS } from './create.ts';
import { ask, asSoonAs, PORT } from './engines.ts';
import { type BenchMillpond, hostOf, primariesOf, startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row, worst } from './row.ts';
import { startSentinels } from './sentinel.ts';

/** Rows of the write gap with cluster mode off. */
export async function measureFailover(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  await millpond.request('CreateReplicationGroup', creation('crash', THREE_MEMBERS));
  const ours: number[] = [];
  const rounds = bench.rounds(30, 5);
  for (let round = 0; round < rounds; round++) {
    bench.say(`kill -9 of a primary: round ${round + 1} of ${rounds}`);
    ours.push(await crashPrimary(millpond, 'crash', `round:${round}`));
  }
  const theirs = await measureSentinel(bench);
  const name = 'kill -9 of a primary to the next acknowledged write';
  return [
    row(`${name}, p50`, p50(ours), 'ms', { floor: p50(theirs), target: { atMost: 50 } }),
    row(`${name}, worst of ${rounds}`, worst(ours), 'ms', { floor: worst(theirs), target: { atMost: 500 } }),
  ];
}

/** The write gap after a kill -9 of the group's primary. */
export async function crashPrimary(millpond: BenchMillpond, id: string, key: string): Promise<number> {
  const group = await millpond.settled(id);
  const [primary] = primariesOf(group);
  const client = createNodeClient({ host: hostOf(group.endpoints.primary), port: PORT }, millpond.names);
  try {
    return await writeGapAfter(client, key, () => process.kill(primary!.pid!, 'SIGKILL'));
  } finally {
    client.close();
  }
}

/** Rows of the write gap in cluster mode. */
export async function measureClusterFailover(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  await millpond.request('CreateReplicationGroup', creation('crashes', THREE_SHARDS));
  const { endpoints } = await millpond.settled('crashes');
  const ours: number[] = [];
  const rounds = bench.rounds(30, 5);
  for (let round = 0; round < rounds; round++) {
    bench.say(`kill -9 in cluster mode: round ${round + 1} of ${rounds}`);
    ours.push(await crashShard(millpond, hostOf(endpoints.configuration), round));
  }
  const theirs = await measureElection(bench);
  const name = 'kill -9 in cluster mode, 3 shards, to the next acknowledged write';
  return [
    row(`${name}, p50`, p50(ours), 'ms', { floor: p50(theirs), target: { atMost: 150 } }),
    row(`${name}, worst of ${rounds}`, worst(ours), 'ms', { floor: worst(theirs) }),
  ];
}

async function crashShard(millpond: BenchMillpond, host: string, round: number): Promise<number> {
  const primaries = primariesOf(await millpond.settled('crashes'));
  const victim = primaries[round % primaries.length]!;
  const key = await keyOn(victim.address);
  const client = createClusterClient({ host, port: PORT }, millpond.names, 'primaries');
  try {
    return await writeGapAfter(client, key, () => process.kill(victim.pid!, 'SIGKILL'));
  } finally {
    client.close();
  }
}

/** A key that the node at `address` owns. */
async function keyOn(address: string): Promise<string> {
  for (let number = 0; ; number++) {
    const set = await ask(address, 'SET', `key:${number}`, 'before').catch(() => undefined);
    if (set === 'OK') return `key:${number}`;
  }
}

/** Milliseconds from `kill` to the first acknowledged write of `key`; attempts follow each other without a pause. */
export async function writeGapAfter(client: EndpointClient, key: string, kill: () => void): Promise<number> {
  await client.attempt((redis) => redis.set(key, 'before'));
  const startedAt = performance.now();
  kill();
  await asSoonAs(() => client.attempt((redis) => redis.set(key, 'after')));
  return performance.now() - startedAt;
}

async function measureSentinel(bench: Bench): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < bench.rounds(10, 2); round++) {
    bench.say(`the same with Sentinel: round ${round + 1}`);
    const own = createBench(bench);
    bench.own({ stop: () => own.giveBack() });
    const { engines, names } = await startSentinels(own);
    const client = createNodeClient({ host: 'primary', port: PORT }, names);
    samples.push(await writeGapAfter(client, 'key', () => engines[0]!.process.kill('SIGKILL')));
    client.close();
    await own.giveBack();
  }
  return samples;
}

async function measureElection(bench: Bench): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < bench.rounds(6, 2); round++) {
    bench.say(`the engine's own election: round ${round + 1}`);
    const cluster = await startTestCluster({
      slots: THREE_RANGES,
      replicasPerShard: 1,
      // At half of this timeout engines begin to drop links that are only slow.
      directives: { 'cluster-node-timeout': '1000' },
    });
    bench.own(cluster);
    const victim = cluster.members[0]![0]!;
    const client = createClusterClient({ host: 'any', port: PORT }, living(cluster), 'primaries');
    const key = await keyOn(victim.address);
    samples.push(await writeGapAfter(client, key, () => victim.process.kill('SIGKILL')));
    client.close();
    await cluster.stop();
  }
  return samples;
}

/** The best case without Millpond: a client with a list of all live nodes. */
const living = (cluster: TestCluster) => ({
  resolve: async () =>
    cluster.nodes.filter(({ process }) => process.signalCode === null).map(({ address }) => address),
  cancel() {},
});
