import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const cloudwatch = manifest<Sdk>()({
  name: 'monitoring',
  calls: {},
  async build({ store, clock, log }) {
    const { createCloudWatch } = await import('./service.ts');
    const cloudwatch = createCloudWatch({ store, clock, log });
    cloudwatch.start();
    return cloudwatch;
  },
});
