// The load of bench/reshard.ts, in a separate process so that it costs both contestants the same. Starts when spawned
// and prints `ready`; any message makes it stop, check all keys and report.

import { type LoadOptions, quantile, startLoad } from '../src/engine/resharding/testing/live-load.ts';

export interface LoadSummary {
  operations: number;
  failed: number;
  wrong: number;
  failures: string[];
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export const initialValue = (key: string): string => `value of ${key} `.padEnd(100, '.');

if (import.meta.main) {
  const options = JSON.parse(process.argv[2]!) as Omit<LoadOptions, 'initial'>;
  const load = startLoad({ ...options, initial: initialValue });
  process.once('message', async () => {
    const { latenciesMs, ...counts } = await load.stop();
    const summary: LoadSummary = {
      ...counts,
      p50Ms: quantile(latenciesMs, 0.5),
      p99Ms: quantile(latenciesMs, 0.99),
      maxMs: quantile(latenciesMs, 1),
    };
    process.send!(summary, () => process.disconnect());
  });
  process.send!('ready');
}
