// Writes points one after the other into the database at the given path, and reports each: for tests that kill it.

import { openCloudWatch } from './metrics.ts';

const cloudwatch = openCloudWatch(process.argv[2]!);
for (let count = 1; ; count++) {
  await cloudwatch.put([
    { MetricName: 'acknowledged', Value: 1 },
    ...Array.from({ length: 30 }, (_, index) => ({ MetricName: `other${index}`, Value: Math.random() })),
  ]);
  process.stdout.write(`${count}\n`);
  // Flushes the output, so that a reported point has been written.
  await new Promise((resolve) => setImmediate(resolve));
}
