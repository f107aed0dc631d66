// Resharding 1→3→2 with a live client: Millpond's compared with redis-cli's rebalance, with the same keys and the same
// load. Run by itself it prints a table; bench/main.ts uses the rows.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { migrateSlots } from '../src/engine/resharding/index.ts';
import { fill } from '../src/engine/resharding/testing/live-load.ts';
import { CREDENTIALS } from '../src/engine/resharding/testing/test-admin.ts';
import { startTestCluster, TestCluster } from '../src/engine/resharding/testing/test-cluster.ts';
import { planReshard } from '../src/services/elasticache/clusters/domain/slots.ts';
import { initialValue, type LoadSummary } from './reshard-load.ts';

export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The peer's figure in the same run, or the target. */
  floor: number;
  /** value / floor. */
  ratio: number;
}

export interface ReshardOptions {
  keys?: number;
  replicasPerShard?: number;
  operationsPerSecond?: number;
}

const CONCURRENCY = 32;
const LOAD = fileURLToPath(new URL('./reshard-load.ts', import.meta.url));

interface Measured {
  keysPerSecond: number;
  load: LoadSummary;
  keysAfterwards: number;
}

/** Resolves to the milliseconds that it took. */
type Reshard = (cluster: TestCluster, targets: readonly string[]) => Promise<number>;

/** Rejects when a contestant fails; the rows show how well they did. */
export async function measureReshard(options: ReshardOptions = {}): Promise<Row[]> {
  const keys = options.keys ?? 200_000;
  const theirs = await measure(withRedisCli, keys, { ...options, plainNames: true });
  const ours = await measure(withMillpond, keys, options);
  const row = (name: string, value: number, unit: string, floor: number): Row => ({
    name: `reshard 1→3→2, ${keys} keys: ${name}`,
    value,
    unit,
    floor,
    ratio: floor === 0 ? (value === 0 ? 1 : Number.POSITIVE_INFINITY) : value / floor,
  });
  return [
    row('speed', ours.keysPerSecond, 'keys/s', theirs.keysPerSecond),
    row('client p99', ours.load.p99Ms, 'ms', theirs.load.p99Ms),
    row('client worst', ours.load.maxMs, 'ms', theirs.load.maxMs),
    row('operations', ours.load.operations, 'operations', theirs.load.operations),
    row('failed operations', ours.load.failed, 'operations', 0),
    row('wrong reads', ours.load.wrong, 'reads', 0),
    row('lost or doubled keys', Math.abs(ours.keysAfterwards - keys), 'keys', 0),
  ];
}

async function measure(
  reshard: Reshard,
  keys: number,
  options: ReshardOptions & { plainNames?: boolean },
): Promise<Measured> {
  const cluster = await startTestCluster({
    slots: [[[0, 16_383]], [], []],
    replicasPerShard: options.replicasPerShard ?? 1,
    plainNames: options.plainNames ?? false,
  });
  let load: ChildProcess | undefined;
  try {
    const nodes = [{ host: cluster.members[0]![0]!.address, port: 6379 }];
    await fill({ nodes, keys, initial: initialValue });
    const operationsPerSecond = options.operationsPerSecond ?? 2_000;
    load = fork(LOAD, [JSON.stringify({ nodes, keys, concurrency: CONCURRENCY, operationsPerSecond })]);
    await once(load, 'message');

    const ids = cluster.members.map((_, index) => TestCluster.shardId(index));
    let tookMs = await reshard(cluster, ids);
    const [, second, third] = await sizes(cluster);
    tookMs += await reshard(cluster, ids.slice(0, 2));
    const moved = second! + 2 * third!;
    if (moved < keys / 2) throw new Error(`only ${moved} keys were moved`);
    const told = once(load, 'message');
    load.send('stop');
    const [summary] = (await told) as [LoadSummary];
    const keysAfterwards = (await sizes(cluster)).reduce((sum, size) => sum + size, 0);
    return { keysPerSecond: (moved / tookMs) * 1_000, load: summary, keysAfterwards };
  } finally {
    load?.kill();
    await cluster.stop();
  }
}

const sizes = (cluster: TestCluster): Promise<number[]> =>
  Promise.all(cluster.members.map(async ([primary]) => Number(await primary!.admin.send('DBSIZE'))));

async function withMillpond(cluster: TestCluster, targets: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const shards = await cluster.shards();
  const current = await Promise.all(
    [...shards].map(async ([shardId, { primary }]) => ({ shardId, slots: await slotsOn(primary) })),
  );
  const { refused } = await migrateSlots({
    moves: planReshard(current, targets),
    shards,
    credentials: CREDENTIALS,
  });
  if (refused.length > 0) throw new Error(refused[0]!.detail);
  return performance.now() - startedAt;
}

async function slotsOn(primary: {
  admin: { send(...command: string[]): Promise<unknown> };
  nodeId: string;
}): Promise<[number, number][]> {
  const text = String(await primary.admin.send('CLUSTER', 'NODES'));
  const line = text.split('\n').find((each) => each.startsWith(primary.nodeId));
  return (line ?? '')
    .split(' ')
    .slice(8)
    .map((part) => part.split('-').map(Number))
    .map(([first, last]) => [first!, last ?? first!]);
}

async function withRedisCli(cluster: TestCluster, targets: readonly string[]): Promise<number> {
  const address = `${cluster.members[0]![0]!.address}:6379`;
  const leaving = cluster.members.filter((_, index) => !targets.includes(TestCluster.shardId(index)));
  const weights = leaving.flatMap(([primary]) => ['--cluster-weight', `${primary!.id}=0`]);
  const empty = weights.length === 0 ? ['--cluster-use-empty-masters'] : [];
  // redis-cli refuses to start until all replicas know its last change; that wait is not counted.
  for (let tries = 0; (await redisCli('check', address)).code !== 0; tries++) {
    if (tries > 100) throw new Error('the nodes do not agree, says redis-cli');
  }
  const startedAt = performance.now();
  const { code, output } = await redisCli('rebalance', address, ...empty, ...weights);
  if (code !== 0) throw new Error(`redis-cli failed: ${output}`);
  return performance.now() - startedAt;
}

async function redisCli(...words: string[]): Promise<{ code: number; output: string }> {
  const child = spawn('redis-cli', ['--cluster', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-2_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = await once(child, 'close');
  return { code: code as number, output };
}

if (import.meta.main) {
  console.table(await measureReshard({ replicasPerShard: Number(process.argv[2] ?? 1) }));
}
