// A short slice of test/faults/feeds.test.ts for every run: two seeds, a few faults each.

import { test } from 'node:test';
import { FEED_FAULTS, feedUnderFaults } from '../faults/feed-under-fault.ts';

for (const seed of [20_261_130, 20_261_131]) {
  test(`a feed under faults, seed ${seed}`, async (t) => {
    await feedUnderFaults(t, {
      seed,
      faults: (random) => random.shuffled(Object.keys(FEED_FAULTS)).slice(0, 3),
    });
  });
}
