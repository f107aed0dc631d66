// A client that writes, deletes and creates keys again, at full speed.

import { Cluster } from 'ioredis';
import { seededRandom } from '../../../../test/support/random-input.ts';
import { tolerateLostAsking } from '../../../engine/lost-asking.ts';
import { CREDENTIALS } from '../../../engine/resharding/testing/test-admin.ts';
import type { FollowedCluster } from './followed-cluster.fixture.ts';

export interface Writer {
  readonly cluster: Cluster;
  /** Writes that were acknowledged, without deletions. */
  readonly writes: number;
  /** Operations that were acknowledged. */
  readonly operations: number;
  readonly failed: number;
  stop(): Promise<void>;
}

const WORKERS = 8;
const DELETES = 0.3;

/** Works on `key-0` and so on. A failed operation may have been executed. */
export function startWriter({ cluster: { members } }: FollowedCluster, keys: number, seed: number): Writer {
  const cluster = new Cluster(
    members.map(([first]) => ({ host: first!.address, port: 6379 })),
    {
      redisOptions: { username: CREDENTIALS.user, password: CREDENTIALS.password, maxRetriesPerRequest: 0 },
      // No refresh at intervals: ioredis would go on with it after `disconnect`. MOVED causes one.
      clusterRetryStrategy: () => 50,
    },
  );
  tolerateLostAsking(cluster);
  cluster.on('error', () => {});
  const random = seededRandom(seed);
  const counts = { writes: 0, operations: 0, failed: 0 };
  let isStopped = false;
  let next = 0;
  const workers = Array.from({ length: WORKERS }, async () => {
    while (!isStopped) {
      const key = `key-${Math.floor(random() * keys)}`;
      const isDelete = random() < DELETES;
      try {
        if (isDelete) await cluster.del(key);
        else await cluster.set(key, `${next++}`);
        counts.operations++;
        if (!isDelete) counts.writes++;
      } catch {
        counts.failed++;
      }
    }
  });
  return {
    cluster,
    get writes() {
      return counts.writes;
    },
    get operations() {
      return counts.operations;
    },
    get failed() {
      return counts.failed;
    },
    async stop() {
      isStopped = true;
      await Promise.all(workers);
    },
  };
}
