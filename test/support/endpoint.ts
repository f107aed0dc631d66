// One connection to whoever an endpoint's name means at this moment, for tests that look at a node. No retries: what
// the engine says is what the test sees.

import { Redis } from 'ioredis';
import type { TestMillpond } from './millpond.ts';

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
