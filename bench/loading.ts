// How long the event loop is blocked while services are loaded: by the first request to each, and by Millpond's own
// loading. Health checks, promotion and DNS share that loop.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startMeasuredMillpond } from '../test/hostile/measured-millpond.ts';
import { type Bench, createBench } from './context.ts';
import { askService, SERVICES } from './every-service.ts';
import { type JudgedRow, p50, row } from './row.ts';

/** Longer than loading takes. */
const LATER_MS = 1_000;

/** Rows of the longest block of the event loop. */
export async function measureLoading(bench: Bench): Promise<JudgedRow[]> {
  const rounds = bench.rounds(5, 2);
  const stalls = new Map<string, number[]>();
  const floors: number[] = [];
  const cache = mkdtempSync(join(tmpdir(), 'millpond-bench-compiled-'));
  bench.own({ stop: () => rmSync(cache, { recursive: true, force: true }) });
  // As in bin/millpond.mjs; the measured process inherits it.
  process.env.NODE_COMPILE_CACHE = cache;
  // The first round fills the compile cache, as a user's first start does.
  for (let round = 0; round <= rounds; round++) {
    bench.say(`loading: ${round} of ${rounds}`);
    const own = createBench(bench);
    bench.own({ stop: () => own.giveBack() });
    const millpond = own.own(await startMeasuredMillpond());
    const take = async (name: string) => {
      const { longest } = await millpond.stall();
      if (round > 0) stalls.set(name, [...(stalls.get(name) ?? []), longest]);
    };
    floors.push(await millpond.floor());
    for (const service of SERVICES) {
      await askService(millpond.url, service);
      await delay(LATER_MS);
      await take(service);
    }
    await own.giveBack();
  }
  const worst = [...stalls].map(([name, all]) => ({ name, stallMs: p50(all) }));
  worst.sort((a, b) => b.stallMs - a.stallMs);
  return worst.slice(0, 3).map(({ name, stallMs }) =>
    row(`the loop’s longest stall by the first request to ${name}`, stallMs, 'ms', {
      floor: p50(floors),
      target: { atMost: 20 },
    }),
  );
}
