// A client that reads by one name, with a new connection for each request: bursts of redis-benchmark, one a second, or
// of its own kind where that is not installed.

import { spawn, spawnSync } from 'node:child_process';
import { ask } from './redis.mjs';

const CONNECTIONS = 5;
/** A burst that meets a node which takes connections and answers nothing. */
const BURST_LIMIT_MS = 2_000;
const SECOND_MS = 1_000;

const isInstalled = !spawnSync('redis-benchmark', ['--version'], { stdio: 'ignore' }).error;

/** Until the signal comes. A burst that fails is followed by the next. */
export function startLoad(name, requests, signal) {
  const burst = isInstalled ? benchmark : ownBurst;
  void (async () => {
    while (requests > 0 && !signal.aborted) {
      const pause = new Promise((resolve) => setTimeout(resolve, SECOND_MS));
      await burst(name, requests, signal);
      await pause;
    }
  })();
  return { program: isInstalled ? 'redis-benchmark' : 'own' };
}

/** `-k 0` is a connection for each request. */
function benchmark(name, requests, signal) {
  const flags = ['-h', name, '-t', 'get', '-k', '0', '-n', `${requests}`, '-c', `${CONNECTIONS}`, '-q'];
  const child = spawn('redis-benchmark', flags, { stdio: 'ignore', timeout: BURST_LIMIT_MS, signal });
  return new Promise((resolve) => child.once('error', resolve).once('close', resolve));
}

async function ownBurst(name, requests, signal) {
  const one = async () => {
    for (let sent = 0; sent < requests / CONNECTIONS && !signal.aborted; sent++)
      await ask(name, 'GET key:0').catch(() => undefined);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
}
