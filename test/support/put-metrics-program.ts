// Puts one point after the other into the database whose path it is given, and says so after each: for tests that kill it.

import { openCloudWatch } from './metrics.ts';

const cloudwatch = openCloudWatch(process.argv[2]!);
for (let count = 1; ; count++) {
  await cloudwatch.put([
    { MetricName: 'acknowledged', Value: 1 },
    ...Array.from({ length: 30 }, (_, index) => ({ MetricName: `other${index}`, Value: Math.random() })),
  ]);
  process.stdout.write(`${count}\n`);
  // Lets the line out, so that what was said was done.
  await new Promise((resolve) => setImmediate(resolve));
}
