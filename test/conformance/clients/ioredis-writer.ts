// Writes with ioredis as its README has it, no option but the name; its own fault with slots that move is mended.

import { Cluster, Redis } from 'ioredis';
import { tolerateLostAsking } from '../../../src/engine/lost-asking.ts';
import { type Write, writerArguments, writeUntilStopped } from './writer-loop.ts';

const { mode, host } = writerArguments;

function toPrimary(): Write {
  const redis = new Redis({ host });
  redis.on('error', () => {});
  return async (key, value, withinMs) => {
    await redis.set(key, value);
    return await redis.wait(1, withinMs);
  };
}

function toCluster(): Write {
  const cluster = new Cluster([{ host, port: 6379 }]);
  cluster.on('error', () => {});
  tolerateLostAsking(cluster);
  return async (key, value, withinMs) => {
    await cluster.set(key, value);
    const slot = await cluster.cluster('KEYSLOT', key);
    const [owner] = cluster.slots[slot] ?? [];
    const node = cluster.nodes('master').find(({ options }) => `${options.host}:${options.port}` === owner);
    // The client drops a node that the slots it has just read leave out. SET it sends again, WAIT is ours alone:
    // without its answer the write counts as not replicated.
    return node ? await node.wait(1, withinMs).catch(() => 0) : 0;
  };
}

await writeUntilStopped(mode === 'primary' ? toPrimary() : toCluster());
