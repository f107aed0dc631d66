// Zones and nodes that are cut off while clients in every zone write and wait for a copy (WAIT 1).

import { test } from 'node:test';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { DETECTION_MS, underCuts } from './partitions.ts';
import { withMillpond } from './program.ts';
import { chosenSeed } from './random.ts';

const SEEDS = 20;

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: cuts of the network`, { skip: WITHOUT_SUBNETS }, async (t) => {
    const first = chosenSeed();
    const flags = [`--failure-detection-ms=${DETECTION_MS}`];
    await withMillpond(t, { flags, seed: first, network: 'subnets' }, async (millpond) => {
      const seeds = Array.from({ length: SEEDS }, (_, index) => first + index);
      await underCuts(millpond, group, seeds, (line) => t.diagnostic(line));
    });
  });
}
