// Writes with node-redis as its README has it, no option but the URL.

import { createClient, createCluster } from 'redis';
import { type Write, writerArguments, writeUntilStopped } from './writer-loop.ts';

const { mode, host } = writerArguments;
const url = `redis://${host}:6379`;

async function toPrimary(): Promise<Write> {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  return async (key, value, withinMs) => {
    await client.set(key, value);
    return await client.wait(1, withinMs);
  };
}

async function toCluster(): Promise<Write> {
  const cluster = createCluster({ rootNodes: [{ url }] });
  cluster.on('error', () => {});
  await cluster.connect();
  return async (key, value, withinMs) => {
    await cluster.set(key, value);
    return Number(await cluster.sendCommand(key, false, ['WAIT', '1', String(withinMs)]));
  };
}

await writeUntilStopped(await (mode === 'primary' ? toPrimary() : toCluster()));
