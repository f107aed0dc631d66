// A Redis client that knows only an endpoint's name and never retries: whatever a failover does to a client, it
// shows. The name is resolved afresh for every attempt; a connection lives as long as its name points to it.

import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { tolerateLostAsking } from '../../engine/lost-asking.ts';
import type { FreshNames } from './fresh-names.ts';

export interface Endpoint {
  host: string;
  port: number;
}

export interface EndpointClient {
  /** One attempt; rejects with whatever the client library or the resolver gives. */
  attempt<T>(use: (redis: Redis | Cluster) => Promise<T>): Promise<T>;
  close(): void;
}

const ATTEMPT_TIMEOUT_MS = 250;
/** Several connections may be made one after the other. */
const CLUSTER_ATTEMPT_TIMEOUT_MS = 1_000;

const WITHOUT_RETRIES: RedisOptions = {
  lazyConnect: true,
  connectTimeout: ATTEMPT_TIMEOUT_MS,
  commandTimeout: ATTEMPT_TIMEOUT_MS,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  retryStrategy: () => null,
};

/** `host:port`, as status shows endpoints. */
export function parseEndpoint(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

export function createNodeClient(endpoint: Endpoint, names: FreshNames): EndpointClient {
  let current: { address: string; redis: Redis } | undefined;

  const drop = () => {
    current?.redis.disconnect();
    current = undefined;
  };

  async function connected(): Promise<Redis> {
    const [address = ''] = await names.resolve(endpoint.host);
    if (current && current.address !== address) drop();
    if (current) return current.redis;
    const redis = new Redis({ ...WITHOUT_RETRIES, host: address, port: endpoint.port });
    redis.on('error', () => {});
    current = { address, redis };
    await redis.connect();
    return redis;
  }

  return {
    async attempt(use) {
      try {
        return await use(await connected());
      } catch (error) {
        // An engine's answer leaves the connection as good as it was.
        if ((error as Error).name !== 'ReplyError') drop();
        throw error;
      }
    },
    close: drop,
  };
}

/** A cluster client that finds the nodes through the configuration endpoint, and starts over after every failure. */
export function createClusterClient(
  endpoint: Endpoint,
  names: FreshNames,
  reads: 'primaries' | 'replicas',
): EndpointClient {
  let current: Cluster | undefined;

  const drop = () => {
    current?.disconnect();
    current = undefined;
  };

  async function connected(): Promise<Cluster> {
    if (current) return current;
    const seeds = await names.resolve(endpoint.host);
    const cluster = new Cluster(
      seeds.map((host) => ({ host, port: endpoint.port })),
      {
        lazyConnect: true,
        scaleReads: reads === 'replicas' ? 'slave' : 'master',
        clusterRetryStrategy: () => null,
        // Without it a command for a node that is still being connected to would fail.
        enableOfflineQueue: true,
        enableReadyCheck: false,
        slotsRefreshTimeout: ATTEMPT_TIMEOUT_MS,
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        retryDelayOnTryAgain: 0,
        redisOptions: WITHOUT_RETRIES,
      },
    );
    cluster.on('error', () => {});
    tolerateLostAsking(cluster);
    current = cluster;
    await cluster.connect();
    return cluster;
  }

  return {
    async attempt(use) {
      try {
        return await within(CLUSTER_ATTEMPT_TIMEOUT_MS, connected().then(use));
      } catch (error) {
        drop();
        throw error;
      }
    },
    close: drop,
  };
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Attempt timed out')), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
