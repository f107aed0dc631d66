// Measures how long work holds the event loop at a time: the longest turn, in CPU time of this thread, so that other
// load on the machine does not count.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The longest turn in milliseconds. The work runs once, alone. */
export async function longestTurn(work: () => unknown): Promise<number> {
  // Garbage from before must not count.
  collectGarbage();
  let longest = 0;
  let isDone = false;
  let before = process.threadCpuUsage();
  const look = () => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.threadCpuUsage();
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  await new Promise(setImmediate);
  before = process.threadCpuUsage();
  longest = 0;
  try {
    await work();
    // CPU time since the last check.
    await new Promise(setImmediate);
  } finally {
    isDone = true;
  }
  return longest;
}
