// Measures both networks by turns and sends the rows to the parent process, which started it in a network namespace of
// its own: see networks.ts.

import type { NetworkKind } from '../src/network/network.ts';
import { WITHOUT_SUBNETS } from '../test/support/networks.ts';
import { type Bench, createBench } from './context.ts';
import { createUntilSet, creation, learnNames, THREE_MEMBERS } from './create.ts';
import { benchmark, TESTS } from './data-path.ts';
import { ask, asSoonAs, spawnBareEngine } from './engines.ts';
import { crashPrimary } from './failover.ts';
import { type BenchMillpond, hostOf, startBenchMillpond } from './millpond.ts';
import { best, type JudgedRow, p50, row } from './row.ts';
import { IDLE_AFTER_MS, residentMb } from './start.ts';
import { switchWithMillpond } from './switch.ts';

const NETWORKS = ['loopback', 'subnets'] as const satisfies NetworkKind[];
const MOST = { target: { ratioAtMost: 1.2 } };
const quick = process.argv.includes('--quick');
const bench = createBench({ quick, say: (line) => process.stderr.write(`${line}\n`) });

type Samples = Record<(typeof NETWORKS)[number], number[]>;
const samples = (): Samples => ({ loopback: [], subnets: [] });

const beside = (name: string, { loopback, subnets }: Samples, unit: string): JudgedRow =>
  row(`subnets: ${name}, p50`, p50(subnets), unit, { floor: p50(loopback), ...MOST });

/** The first start of each fills the compile cache. */
async function measureStarts(): Promise<JudgedRow[]> {
  const [ready, memory] = [samples(), samples()];
  const rounds = bench.rounds(9, 3);
  for (let round = 0; round <= rounds; round++) {
    bench.say(`subnets, start: ${round} of ${rounds}`);
    for (const network of NETWORKS) {
      const own = ownBench();
      const millpond = await startBenchMillpond(own, { network });
      if (round > 0) ready[network].push(millpond.readyAfterMs);
      if (round > rounds - 3) {
        await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS));
        memory[network].push(residentMb(millpond.pid));
      }
      await own.giveBack();
    }
  }
  return [beside('start to ready', ready, 'ms'), beside('idle memory', memory, 'MB')];
}

async function measureGroups(both: Record<(typeof NETWORKS)[number], BenchMillpond>): Promise<JudgedRow[]> {
  const [create, createCluster, crash] = [samples(), samples(), samples()];
  const hashes = { loopback: await learnNames(both.loopback), subnets: await learnNames(both.subnets) };
  const rounds = bench.rounds(11, 3);
  for (let round = 0; round < rounds; round++) {
    bench.say(`subnets, create: ${round + 1} of ${rounds}`);
    for (const network of NETWORKS)
      create[network].push(await createUntilSet(both[network], `off-${round}`, hashes[network]));
  }
  const clusterRounds = bench.rounds(5, 1);
  for (let round = 0; round < clusterRounds; round++) {
    bench.say(`subnets, create a cluster: ${round + 1} of ${clusterRounds}`);
    for (const network of NETWORKS) {
      const took = await createUntilSet(both[network], `on-${round}`, hashes[network], { cluster: true });
      createCluster[network].push(took);
    }
  }
  for (const network of NETWORKS)
    await both[network].request('CreateReplicationGroup', creation('crash', THREE_MEMBERS));
  const crashes = bench.rounds(20, 5);
  for (let round = 0; round < crashes; round++) {
    bench.say(`subnets, kill -9 of a primary: ${round + 1} of ${crashes}`);
    for (const network of NETWORKS)
      crash[network].push(await crashPrimary(both[network], 'crash', `round:${round}`));
  }
  return [
    beside('create, cluster mode off, 1+2: request to first SET', create, 'ms'),
    beside('create, cluster mode on, 3×(1+1): request to first SET', createCluster, 'ms'),
    beside('kill -9 of a primary to the next acknowledged write', crash, 'ms'),
  ];
}

/** The floor is a bare engine on loopback. */
async function measurePath(millpond: BenchMillpond): Promise<JudgedRow[]> {
  const bare = await spawnBareEngine(bench);
  await asSoonAs(() => ask(bare.address, 'PING'));
  await millpond.request('CreateReplicationGroup', creation('path', { NumCacheClusters: '1' }));
  const [through] = await millpond.names.resolve(hostOf((await millpond.settled('path')).endpoints.primary));
  const figures = new Map(TESTS.map((test) => [test, samples()]));
  const rounds = bench.rounds(10, 4);
  for (let round = 0; round < rounds; round++) {
    bench.say(`subnets, data path: ${round + 1} of ${rounds}`);
    const addresses = { loopback: bare.address, subnets: through! };
    for (const network of NETWORKS) {
      for (const [test, figure] of await benchmark(bench, addresses[network]))
        figures.get(test)?.[network].push(figure);
    }
  }
  return TESTS.map((test) => {
    const { loopback, subnets } = figures.get(test)!;
    return row(`subnets: data path, ${test} from a machine, best of ${rounds}`, best(subnets), 'requests/s', {
      floor: best(loopback),
      target: { ratioAtLeast: 0.95 },
    });
  });
}

async function measureSwitches(): Promise<JudgedRow[]> {
  const gaps = samples();
  for (const network of NETWORKS) {
    const own = ownBench();
    const options = { demotedGraceMs: 0, rounds: bench.rounds(15, 4), network };
    gaps[network].push(...(await switchWithMillpond(own, options)).gapsMs);
    await own.giveBack();
  }
  return [beside('planned switch under 5000 writes/s: write gap', gaps, 'ms')];
}

function ownBench() {
  const own = createBench(bench);
  bench.own({ stop: () => own.giveBack() });
  return own;
}

async function measure(): Promise<JudgedRow[]> {
  if (WITHOUT_SUBNETS) {
    bench.say(WITHOUT_SUBNETS);
    return [];
  }
  const starts = await measureStarts();
  const switches = await measureSwitches();
  const both = {
    loopback: await startBenchMillpond(bench as Bench, { network: 'loopback' }),
    subnets: await startBenchMillpond(bench as Bench, { network: 'subnets' }),
  };
  return [...starts, ...(await measureGroups(both)), ...switches, ...(await measurePath(both.subnets))];
}

process.on('SIGTERM', () => void bench.giveBack().finally(() => process.exit(1)));
try {
  const rows = await measure();
  await bench.giveBack();
  process.send!(rows, () => process.exit(0));
} catch (error) {
  console.error(error);
  await bench.giveBack();
  process.exit(1);
}
