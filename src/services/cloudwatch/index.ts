// The manifest of CloudWatch.

import { backTo, manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** CloudWatch calls SNS and Lambda, which call CloudWatch to store their own metrics. */
export const cloudwatch = manifest<Sdk>()({
  name: 'monitoring',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  // Alarms publish their state changes to topics, and invoke functions.
  calls: {
    sns: backTo<typeof import('@aws-sdk/client-sns')>('sns'),
    lambda: backTo<typeof import('@aws-sdk/client-lambda')>('lambda'),
  },
  resumesWork: true,
  async build({ store, clock, log }, { sns, lambda }) {
    const { createCloudWatch } = await import('./service.ts');
    const cloudwatch = createCloudWatch({ store, clock, log, sns, lambda });
    cloudwatch.start();
    return cloudwatch;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).cloudwatchResourceTypes(client),
});
