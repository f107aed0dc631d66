// Reads a source for tests: keeps the changes, and acknowledges them.

import { until } from '../../../engine/testing/settle.ts';
import type { Change } from '../../change.ts';
import type { Source } from '../../source.ts';

export interface Collected {
  readonly changes: Change[];
  /** What the source rejected with. */
  failure: unknown;
  acknowledges: boolean;
  until(holds: (changes: readonly Change[]) => boolean): Promise<void>;
  /** Resolves when the source follows as many shards. */
  following(shards: number): Promise<void>;
}

/** Begins to read. */
export function collect(source: Source): Collected {
  const collected: Collected = {
    changes: [],
    failure: undefined,
    acknowledges: true,
    until: (holds) =>
      until('the changes come', () => {
        if (collected.failure) throw collected.failure;
        return holds(collected.changes);
      }).then(() => {}),
    following: (shards) =>
      until('the source follows', () => {
        const { states } = source.lag();
        return states.filter((state) => state.startsWith('follows')).length === shards;
      }).then(() => {}),
  };
  void (async () => {
    for await (const batch of source.batches()) {
      collected.changes.push(...batch.changes);
      if (collected.acknowledges) batch.acknowledge();
    }
  })().catch((error: unknown) => {
    collected.failure = error;
  });
  return collected;
}
