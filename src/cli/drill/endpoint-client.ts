// A Redis client that knows only an endpoint's name and never retries, so that every effect of a failover is visible.
// It resolves the name for every attempt and drops its connection when the name points elsewhere.

import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { tolerateLostAsking } from '../../engine/lost-asking.ts';
import { within } from '../../kernel/time-limit.ts';
import type { FreshNames } from './fresh-names.ts';

/** A name with its port. */
export interface Endpoint {
  host: string;
  port: number;
}

/** A client that makes single attempts. */
export interface EndpointClient {
  /** Makes one attempt; rejects with the error of the client library or the resolver. */
  attempt<T>(use: (redis: Redis | Cluster) => Promise<T>): Promise<T>;
  close(): void;
}

const ATTEMPT_TIMEOUT_MS = 250;
/** The client may open several connections in turn. */
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

/** Parses `host:port`, the form in `status`. */
export function parseEndpoint(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** A client of a single node's endpoint. */
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
        // After an error reply the connection is still usable.
        if ((error as Error).name !== 'ReplyError') drop();
        throw error;
      }
    },
    close: drop,
  };
}

/** A cluster client that finds nodes through the configuration endpoint and starts over after every failure. */
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
        // Otherwise a command for a node that is still connecting would fail.
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
        const attempted = connected().then(use);
        return await within(attempted, CLUSTER_ATTEMPT_TIMEOUT_MS, () => new Error('Attempt timed out'));
      } catch (error) {
        drop();
        throw error;
      }
    },
    close: drop,
  };
}
