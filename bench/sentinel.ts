// The peer for crash failovers: one primary and two replicas under three sentinels, with the fastest sensible settings.

import type { FreshNames } from '../src/cli/drill/fresh-names.ts';
import { until } from '../src/engine/testing/settle.ts';
import type { Bench } from './context.ts';
import { ask, asSoonAs, type BareEngine, connectTo, PORT, spawnBareEngine } from './engines.ts';

const SENTINEL_PORT = 26_379;
/** With a smaller value, a slow fork or a long script counts as a failure. */
const DOWN_AFTER_MS = 500;

export interface Sentinels {
  /** Nodes, the primary first. */
  engines: BareEngine[];
  /** Asks a sentinel for the primary at every call. */
  names: FreshNames;
}

/** Starts the nodes and the sentinels, and resolves when both replicas are connected. */
export async function startSentinels(bench: Bench): Promise<Sentinels> {
  const primary = await spawnBareEngine(bench);
  await asSoonAs(() => ask(primary.address, 'PING'));
  const replicaof = `${primary.address} ${PORT}`;
  const replicas = await Promise.all([1, 2].map(() => spawnBareEngine(bench, { directives: { replicaof } })));
  await until('the replicas are linked', async () =>
    /connected_slaves:2/.test(String(await ask(primary.address, 'INFO', 'replication'))),
  );
  const sentinels = await Promise.all([1, 2, 3].map(() => spawnSentinel(bench, primary)));
  for (const { address } of sentinels) {
    await until('the sentinels know each other and the replicas', async () => {
      const told = await askSentinel(address, 'MASTER', 'bench');
      const field = (name: string) => told[told.indexOf(name) + 1];
      return field('num-other-sentinels') === '2' && field('num-slaves') === '2';
    });
  }
  return { engines: [primary, ...replicas], names: namesFrom(sentinels[0]!.address, bench) };
}

function spawnSentinel(bench: Bench, primary: BareEngine): Promise<BareEngine> {
  return spawnBareEngine(bench, {
    sentinel: true,
    directives: {
      port: String(SENTINEL_PORT),
      'sentinel monitor': `bench ${primary.address} ${PORT} 2`,
      'sentinel down-after-milliseconds': `bench ${DOWN_AFTER_MS}`,
      'sentinel failover-timeout': 'bench 2000',
    },
  });
}

async function askSentinel(address: string, ...words: string[]): Promise<string[]> {
  const redis = await connectTo(address, SENTINEL_PORT);
  try {
    return (await redis.call('SENTINEL', ...words)) as string[];
  } finally {
    redis.disconnect();
  }
}

function namesFrom(address: string, bench: Bench): FreshNames {
  const connection = connectTo(address, SENTINEL_PORT);
  bench.own({ stop: async () => (await connection).disconnect() });
  return {
    async resolve() {
      const redis = await connection;
      const [found] = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'bench')) as [string];
      return [found];
    },
    cancel() {},
  };
}
