// SQS's manifest: the files it consists of, the service that gets its metrics, and how it is built.

import { manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const sqs = manifest<Sdk>()({
  name: 'sqs',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: { cloudwatch: to<typeof import('@aws-sdk/client-cloudwatch')>('monitoring') },
  resumesWork: true,
  async build({ store, clock, log, url }, { cloudwatch }) {
    const { createSqs } = await import('./service.ts');
    const sqs = createSqs({ store, clock, log, cloudwatch, baseUrl: url });
    sqs.start();
    return sqs;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).sqsResourceTypes(client),
});
