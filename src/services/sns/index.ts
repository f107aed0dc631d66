// SNS's manifest: the files it consists of, the services it calls, and how it is built.

import { manifest, to } from '../manifest.ts';
import { dialect } from './dialect.ts';
import type { Sdk } from './sdk.ts';

export const sns = manifest<Sdk>()({
  name: 'sns',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  dialect,
  calls: {
    lambda: to<typeof import('@aws-sdk/client-lambda')>('lambda'),
    sqs: to<typeof import('@aws-sdk/client-sqs')>('sqs'),
  },
  resumesWork: true,
  async build({ store, clock, log, url, urlForFunctions }, { lambda, sqs }) {
    const { createSns } = await import('./service.ts');
    const sns = createSns({ store, clock, log, lambda, sqs, baseUrl: url, urlForFunctions });
    await sns.start();
    return { ...sns, take: sns.serveCertificate };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).snsResourceTypes(client),
});
