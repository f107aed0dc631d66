// The manifest of CloudWatch Logs.

import { join } from 'node:path';
import { backTo, manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/**
 * CloudWatch Logs calls CloudWatch, which stores the metrics of metric filters, and Lambda, whose functions receive
 * the events of subscription filters.
 */
export const logs = manifest<Sdk>()({
  name: 'logs',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {
    cloudwatch: to<typeof import('@aws-sdk/client-cloudwatch')>('monitoring'),
    lambda: backTo<typeof import('@aws-sdk/client-lambda')>('lambda'),
  },
  async build({ store, clock, log, dataDir, logs: bounds }, clients) {
    const { createLogs } = await import('./service.ts');
    const directory = join(dataDir, 'logs');
    const logs = createLogs({ store, clock, log, directory, bounds, ...clients });
    await logs.start();
    return logs;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).logsResourceTypes(client),
});
