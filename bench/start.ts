// The start time of Millpond and its memory afterwards, compared with a Node process that does nothing.

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startCommand } from '../test/support/command.ts';
import { type Bench, createBench } from './context.ts';
import { askEveryService } from './every-service.ts';
import { startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row } from './row.ts';

/** After this time, memory that only the start needs has been freed. */
export const IDLE_AFTER_MS = 3_000;
const EMPTY = ['-e', 'console.log("is ready"); setInterval(() => {}, 1e6)'];

/** Rows of start time and memory. */
export async function measureStart(bench: Bench): Promise<JudgedRow[]> {
  const rounds = bench.rounds(7, 3);
  const ready: number[] = [];
  const memory: number[] = [];
  const loadedMemory: number[] = [];
  const emptyReady: number[] = [];
  const emptyMemory: number[] = [];
  // The first start fills the compile cache.
  for (let round = 0; round <= rounds; round++) {
    bench.say(`start: round ${round} of ${rounds}`);
    const own = createBench(bench);
    bench.own({ stop: () => own.giveBack() });
    const empty = await startEmpty(own);
    const millpond = await startBenchMillpond(own);
    await delay(IDLE_AFTER_MS);
    if (round > 0) {
      ready.push(millpond.readyAfterMs);
      memory.push(residentMb(millpond.pid));
      await askEveryService(millpond.url);
      await delay(IDLE_AFTER_MS);
      loadedMemory.push(residentMb(millpond.pid));
      emptyReady.push(empty.readyAfterMs);
      emptyMemory.push(residentMb(empty.pid));
    }
    await own.giveBack();
  }
  return [
    row('start to ready, p50', p50(ready), 'ms', { floor: p50(emptyReady), target: { atMost: 300 } }),
    row('idle memory, p50', p50(memory), 'MB', { floor: p50(emptyMemory), target: { atMost: 100 } }),
    row('memory with every service loaded, p50', p50(loadedMemory), 'MB', { floor: p50(emptyMemory) }),
  ];
}

async function startEmpty(bench: Bench): Promise<{ pid: number; readyAfterMs: number }> {
  const startedAt = performance.now();
  const command = startCommand(EMPTY, []);
  bench.own({
    async stop() {
      command.child.kill('SIGKILL');
      await command.ended;
    },
  });
  await command.prints(/is ready/);
  return { pid: command.child.pid!, readyAfterMs: performance.now() - startedAt };
}

/** The resident memory of a process. Linux only; NaN elsewhere. */
export function residentMb(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kib) * 1024) / 1e6;
}
