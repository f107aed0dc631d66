// Several Redis clients side by side, each as its README has it and with one command at a time for as long as a test
// lasts: how long the longest silence of each was, which errors it was given, and how often it lost a connection.
//
// Arguments: what to run (JSON, a list of SteadyClient), the file for the outcome, the files that say begin and stop:
// only what happens in between counts. The outcome is JSON, SteadyOutcome by name, written anew while the program runs
// and whole at any time.

import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';

export interface SteadyClient {
  name: string;
  client: 'ioredis' | 'node-redis';
  /** `node` has one host for all commands; the other two begin with a cluster's configuration endpoint. */
  mode: 'node' | 'cluster' | 'cluster-replicas';
  command: 'set' | 'get';
  host: string;
  port: number;
}

export interface SteadyOutcome {
  /** Commands that were answered, also before the beginning. */
  answered: number;
  /** Between two answers one after the other; milliseconds. */
  longestGapMs: number;
  /** How often each error was given; the first line of its text, without numbers. */
  errors: Record<string, number>;
  /** How often its connection ended, or could not be made; of a client with one host alone. */
  lostConnections: number;
}

interface Connected {
  send(key: string): Promise<unknown>;
}

/** Between commands: a load without pauses would show the limits of the test's machine, not of Millpond. */
const PAUSE_MS = 5;
const WRITE_EVERY_MS = 100;
/** In cluster mode they lie in all shards. */
const KEYS = 32;

const [list, outcomeFile, beginFile, stopFile] = process.argv.slice(2) as [string, string, string, string];

async function connect(what: SteadyClient, lost: () => void): Promise<Connected> {
  const { client, mode, command, host, port } = what;
  if (client === 'ioredis') {
    const redis =
      mode === 'node'
        ? new Redis({ host, port })
        : new Cluster([{ host, port }], mode === 'cluster-replicas' ? { scaleReads: 'slave' } : {});
    redis.on('error', () => {});
    redis.on('close', lost);
    return { send: (key) => (command === 'set' ? redis.set(key, key) : redis.get(key)) };
  }
  const url = `redis://${host}:${port}`;
  const redis =
    mode === 'node'
      ? createClient({ url })
      : createCluster({ rootNodes: [{ url }], useReplicas: mode === 'cluster-replicas' });
  redis.on('error', () => {});
  redis.on('reconnecting', lost);
  await redis.connect();
  return { send: (key) => (command === 'set' ? redis.set(key, key) : redis.get(key)) };
}

async function run(what: SteadyClient, outcome: SteadyOutcome): Promise<void> {
  let begun = false;
  const { send } = await connect(what, () => {
    if (begun) outcome.lostConnections++;
  });
  let answeredAt: number | undefined;
  for (let turn = 0; !existsSync(stopFile); turn++) {
    begun ||= existsSync(beginFile);
    try {
      await send(`steady:${turn % KEYS}`);
      const now = performance.now();
      if (begun) outcome.longestGapMs = Math.max(outcome.longestGapMs, now - (answeredAt ?? now));
      if (begun) answeredAt = now;
      outcome.answered++;
    } catch (error) {
      const text = (error as Error).message.split('\n')[0]!.replace(/\d+/g, 'N');
      if (begun) outcome.errors[text] = (outcome.errors[text] ?? 0) + 1;
    }
    await pause(PAUSE_MS);
  }
}

const outcomes: Record<string, SteadyOutcome> = {};

function write(): void {
  writeFileSync(`${outcomeFile}.new`, JSON.stringify(outcomes));
  renameSync(`${outcomeFile}.new`, outcomeFile);
}

const running = (JSON.parse(list) as SteadyClient[]).map((what) => {
  outcomes[what.name] = { answered: 0, longestGapMs: 0, errors: {}, lostConnections: 0 };
  return run(what, outcomes[what.name]!);
});
setInterval(write, WRITE_EVERY_MS);
await Promise.all(running);
write();
process.exit(0);
