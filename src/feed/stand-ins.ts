// Stand-ins for sources, until the real ones are there.

import type { FollowedShard } from './feeds.ts';
import type { Source, SourceBatch } from './source.ts';

/** A source of no changes, which says which nodes it knows. */
export function createStandInSource() {
  const closed = Promise.withResolvers<void>();
  let shards: readonly FollowedShard[] = [];
  const source: Source = {
    promise: 'nothing',
    async *batches(): AsyncIterable<SourceBatch> {
      await closed.promise;
      yield* [];
    },
    lag: () => ({ changes: 0, bytes: 0, states: shards.map(({ id }) => `shard ${id}`) }),
    close: async () => closed.resolve(),
  };
  return {
    ...source,
    setNodes: (nodes: readonly FollowedShard[]) => void (shards = nodes),
    leave: async (_nodeId: string) => {},
    slotsMove: async (_is: 'beginning' | 'done') => {},
    drain: async (_shardId: string) => {},
  };
}
