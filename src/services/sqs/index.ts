// SQS's manifest: the files it consists of, the services it calls (none), and how it is built.

import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const sqs = manifest<Sdk>()({
  name: 'sqs',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {},
  resumesWork: true,
  async build({ store, clock, log, url }) {
    const { createSqs } = await import('./service.ts');
    const sqs = createSqs({ store, clock, log, baseUrl: url });
    sqs.start();
    return sqs;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).sqsResourceTypes(client),
});
