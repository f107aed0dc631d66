// The manifest of CloudWatch.

import { backTo, manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** CloudWatch calls SNS, which calls CloudWatch to store its own metrics. */
export const cloudwatch = manifest<Sdk>()({
  name: 'monitoring',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  // Alarms publish their state changes to topics.
  calls: { sns: backTo<typeof import('@aws-sdk/client-sns')>('sns') },
  resumesWork: true,
  async build({ store, clock, log }, { sns }) {
    const { createCloudWatch } = await import('./service.ts');
    const cloudwatch = createCloudWatch({ store, clock, log, sns });
    cloudwatch.start();
    return cloudwatch;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).cloudwatchResourceTypes(client),
});
