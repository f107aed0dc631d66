// Throughput through the endpoint, compared with a bare engine: Millpond is not on the data path.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Bench } from './context.ts';
import { creation } from './create.ts';
import { ask, asSoonAs, PORT, spawnBareEngine } from './engines.ts';
import { hostOf, startBenchMillpond } from './millpond.ts';
import { best, type JudgedRow, row } from './row.ts';

const REQUESTS = 40_000;
export const TESTS = ['SET', 'GET'];

/** Rows of throughput. */
export async function measureDataPath(bench: Bench): Promise<JudgedRow[]> {
  const bare = await spawnBareEngine(bench);
  await asSoonAs(() => ask(bare.address, 'PING'));
  const millpond = await startBenchMillpond(bench);
  await millpond.request('CreateReplicationGroup', creation('path', { NumCacheClusters: '1' }));
  const { endpoints } = await millpond.settled('path');
  const [through] = await millpond.names.resolve(hostOf(endpoints.primary));
  const ours = new Map<string, number[]>(TESTS.map((test) => [test, []]));
  const theirs = new Map<string, number[]>(TESTS.map((test) => [test, []]));
  const rounds = bench.rounds(10, 4);
  for (let round = 0; round < rounds; round++) {
    bench.say(`data path: round ${round + 1} of ${rounds}`);
    for (const [test, figure] of await benchmark(bench, bare.address)) theirs.get(test)?.push(figure);
    for (const [test, figure] of await benchmark(bench, through!)) ours.get(test)?.push(figure);
  }
  return TESTS.map((test) =>
    row(`data path: ${test} through the endpoint, best of ${rounds}`, best(ours.get(test)!), 'requests/s', {
      floor: best(theirs.get(test)!),
      // Within the variation of two runs of the same server.
      target: { ratioAtLeast: 0.9 },
    }),
  );
}

/** Requests per second, by test. */
export async function benchmark(bench: Bench, address: string): Promise<[test: string, figure: number][]> {
  const words = ['-h', address, '-p', PORT, '-n', REQUESTS, '-c', 50, '-t', TESTS.join(','), '--csv'];
  const child = spawn('redis-benchmark', words.map(String), { stdio: ['ignore', 'pipe', 'ignore'] });
  bench.own({ stop: () => void child.kill() });
  const output = await child.stdout.setEncoding('utf8').toArray();
  if (child.exitCode === null) await once(child, 'close');
  const lines = output.join('').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [test, figure] = line.split(',').map((cell) => cell.replaceAll('"', ''));
    return test ? [[test, Number(figure)]] : [];
  });
}
