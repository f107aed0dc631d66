// The process of measured-millpond.ts: `measured-millpond-program.ts DATA-DIRECTORY LOG-LEVEL`. Answers what its parent
// asks over IPC.

import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseConfig } from '../../src/config.ts';
import { startMillpond } from '../../src/main.ts';
import type { Question, Stall, Target } from './measured-millpond.ts';

const TICK_MS = 2;

const [, , dataDir, logLevel] = process.argv;
const config = parseConfig({ port: '0', dataDir: dataDir!, logLevel: logLevel! }, { HOME: dataDir });
const millpond = await startMillpond(config);
const status = (await (await fetch(`http://127.0.0.1:${millpond.port}/_millpond/status`)).json()) as {
  https?: Target['https'];
};

const histogram = monitorEventLoopDelay({ resolution: 10 });
histogram.enable();
const waited = waitingForProcessor();
let longest = 0;
let last = { at: performance.now(), waited: waited() };
setInterval(() => {
  const now = { at: performance.now(), waited: waited() };
  longest = Math.max(longest, now.at - last.at - (now.waited - last.waited) - TICK_MS);
  last = now;
}, TICK_MS);

process.on('message', async (question: Question) => {
  if (question === 'stall') {
    process.send!({ longest, delay: histogram.max / 1e6 } satisfies Stall);
    longest = 0;
    histogram.reset();
  } else if (question === 'floor') {
    process.send!(floor());
    longest = 0;
    last = { at: performance.now(), waited: waited() };
    histogram.reset();
  } else if (question === 'memory') process.send!(process.memoryUsage.rss());
  else {
    await millpond.stop({ nodes: 'stop' });
    process.exit(0);
  }
});
process.send!({
  ...{ pid: process.pid, port: millpond.port, url: `http://127.0.0.1:${millpond.port}`, dns: millpond.dns },
  ...(status.https && { https: status.https }),
} satisfies Target);

/** The longest of a few times, as stalls are the longest of many. */
function floor(): number {
  const text = JSON.stringify(
    Array.from({ length: 24_000 }, (_, index) => ({ name: `n${index}`, value: index })),
  );
  let most = 0;
  for (let round = 0; round < 7; round++) {
    const before = { at: performance.now(), waited: waited() };
    JSON.parse(text);
    most = Math.max(most, performance.now() - before.at - (waited() - before.waited));
  }
  return most;
}

/** How long this thread has waited for a processor, in milliseconds; always 0 where the system does not tell. */
function waitingForProcessor(): () => number {
  let file: number;
  try {
    file = openSync('/proc/self/schedstat', 'r');
  } catch {
    return () => 0;
  }
  const text = Buffer.alloc(100);
  return () => {
    const length = readSync(file, text, 0, text.length, 0);
    return Number(text.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  };
}
