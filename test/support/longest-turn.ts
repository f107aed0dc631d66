// How long work holds the event loop at a time: the longest turn, in processor time of this thread, so that what else the
// machine does in between does not count.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Milliseconds. The work is done once, with nothing else going on. */
export async function longestTurn(work: () => unknown): Promise<number> {
  // What was there before is not the work's to clean up.
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
    // What was done since the last look.
    await new Promise(setImmediate);
  } finally {
    isDone = true;
  }
  return longest;
}
