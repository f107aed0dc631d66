// One connection to the node that an endpoint's name currently resolves to. It does not retry: the test sees the
// engine's own answer.

import { Redis } from 'ioredis';
import type { TestMillpond } from './millpond.ts';

/** Runs a command on the endpoint's current node. */
export async function atEndpoint<T>(
  millpond: TestMillpond,
  name: string,
  use: (redis: Redis) => Promise<T>,
): Promise<T> {
  const [host] = await millpond.resolver.resolve4(name);
  const redis = new Redis({
    host: host!,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => {});
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
