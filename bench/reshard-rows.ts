// The rows of resharding with their targets. reshard.ts measures them.

import type { Bench } from './context.ts';
import { measureReshard } from './reshard.ts';
import { type JudgedRow, judged, type Target } from './row.ts';

/** Targets by the end of the row's name. */
const TARGETS: Record<string, Target> = {
  speed: { ratioAtLeast: 1.5 },
  'client p99': { ratioAtMost: 1 },
  'failed operations': { atMost: 0 },
  'wrong reads': { atMost: 0 },
  'lost or doubled keys': { atMost: 0 },
};

export async function measureReshardRows(bench: Bench): Promise<JudgedRow[]> {
  bench.say('reshard 1→3→2 under load, with redis-cli and with Millpond');
  const rows = await measureReshard({ keys: bench.rounds(200_000, 40_000) });
  return rows.map((row) => judged(row, TARGETS[row.name.slice(row.name.indexOf(': ') + 2)]));
}
