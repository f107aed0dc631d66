// Copies function libraries to a new shard. Every shard has its own copy, and a new shard needs it before its first
// slot.

import type { ShardLink } from './links.ts';
import { throwFirstError } from './links.ts';

/**
 * Copies every library of `source` that `target` lacks or has in another version. Replication carries them to
 * replicas.
 */
export async function copyFunctions(source: ShardLink, target: ShardLink): Promise<void> {
  const [libraries] = await source.run([['FUNCTION', 'LIST']]);
  throwFirstError(source.shardId, [libraries]);
  if ((libraries as unknown[]).length === 0) return;
  const [dump] = await source.run([['FUNCTION', 'DUMP']], { binary: true });
  throwFirstError(source.shardId, [dump]);
  const replies = await target.run([['FUNCTION', 'RESTORE', dump as Buffer, 'REPLACE']]);
  throwFirstError(target.shardId, replies);
}
