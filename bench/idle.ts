// The cost of an idle Millpond: with forty nodes, compared with one without nodes.

import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './context.ts';
import { creation } from './create.ts';
import { startBenchMillpond } from './millpond.ts';
import { processorUs } from './processor.ts';
import { type JudgedRow, p50, row } from './row.ts';

const GROUPS = 8;
const MEMBERS = 5;
/** After this time settled groups are observed less often. */
const SETTLED_AFTER_MS = 35_000;
/** Long enough for one collection of metrics. */
const ROUND_MS = 60_000;

/** Rows of CPU time and memory. */
export async function measureIdle(bench: Bench): Promise<JudgedRow[]> {
  const empty = await startBenchMillpond(bench);
  const millpond = await startBenchMillpond(bench);
  for (let count = 0; count < GROUPS; count++) {
    bench.say(`idle: creating group ${count + 1} of ${GROUPS}`);
    await millpond.request(
      'CreateReplicationGroup',
      creation(`idle-${count}`, { NumCacheClusters: `${MEMBERS}` }),
    );
    await millpond.settled(`idle-${count}`);
  }
  await delay(SETTLED_AFTER_MS);
  const own: number[] = [];
  const floor: number[] = [];
  const rounds = bench.rounds(3, 1);
  for (let round = 1; round <= rounds; round++) {
    bench.say(`idle: ${round} of ${rounds}`);
    const since = performance.now();
    const before = [millpond, empty].map(({ pid }) => processorUs(pid));
    await delay(ROUND_MS);
    const tookUs = (performance.now() - since) * 1000;
    const [used, usedEmpty] = [millpond, empty].map(({ pid }, index) => processorUs(pid) - before[index]!);
    own.push((100 * used!) / tookUs);
    floor.push((100 * usedEmpty!) / tookUs);
  }
  const name = `${GROUPS * MEMBERS} idle nodes, share of one processor`;
  return [row(name, p50(own), '%', { floor: p50(floor), target: { atMost: 1 } })];
}
