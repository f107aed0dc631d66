// Libraries of functions are kept by every shard: a new one gets them before its first slot.

import type { ShardLink } from './links.ts';
import { throwFirstError } from './links.ts';

/** Every library of `source` that `target` has not, or has otherwise. Its replicas get them by replication. */
export async function copyFunctions(source: ShardLink, target: ShardLink): Promise<void> {
  const [libraries] = await source.run([['FUNCTION', 'LIST']]);
  throwFirstError(source.shardId, [libraries]);
  if ((libraries as unknown[]).length === 0) return;
  const [dump] = await source.run([['FUNCTION', 'DUMP']], { binary: true });
  throwFirstError(source.shardId, [dump]);
  const replies = await target.run([['FUNCTION', 'RESTORE', dump as Buffer, 'REPLACE']]);
  throwFirstError(target.shardId, replies);
}
