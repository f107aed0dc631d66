// The manifest of DynamoDB.

import { join } from 'node:path';
import { manifest, to } from '../manifest.ts';
import { dialect } from './http/dialect.ts';
import type { Sdk } from './sdk.ts';

export const dynamodb = manifest<Sdk>()({
  name: 'dynamodb',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: { cloudwatch: to<typeof import('@aws-sdk/client-cloudwatch')>('monitoring') },
  resumesWork: true,
  dialect,
  async build({ store, dataDir, clock, log, isDynamoDbThrottled }, { cloudwatch }) {
    const { createDynamoDb } = await import('./service.ts');
    const { createUsageMetrics } = await import('./metrics.ts');
    const metrics = createUsageMetrics({ cloudwatch, clock, log });
    const { service, start, stop } = createDynamoDb({
      ...{ file: join(dataDir, 'dynamodb.sqlite'), clock, log, isThrottled: isDynamoDbThrottled },
      report: metrics.report,
    });
    // The tables are not in the store; this tells the next start that there is work to continue.
    const databases = store.collection<Record<never, never>>('dynamodb/database');
    if (!databases.has(NOWHERE, 'items')) databases.put(NOWHERE, 'items', {});
    start();
    return {
      service,
      async stop() {
        await stop();
        await metrics.stop();
      },
    };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).dynamoDbResourceTypes(client),
});

const NOWHERE = { accountId: '', region: '' };
