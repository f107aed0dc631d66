// Feeds while clients write at full speed: primaries, replicas, the feed and Millpond are killed, shards come and go, and
// the function fails, hangs and comes back.

import { test } from 'node:test';
import { FEED_FAULTS, feedUnderFaults } from './feed-under-fault.ts';
import { chosenSeed } from './random.ts';

const SEEDS = 20;
const FAULTS_EACH = 5;

for (let index = 0; index < SEEDS; index++) {
  test(`a feed under faults, ${index + 1}`, async (t) => {
    // One seed that is given repeats one program.
    if (process.env.FAULT_SEED && index > 0) return t.skip('one seed is given');
    await feedUnderFaults(t, {
      seed: chosenSeed(),
      faults: (random) => random.shuffled(Object.keys(FEED_FAULTS)).slice(0, FAULTS_EACH),
    });
  });
}
