// The manifest of DynamoDB.

import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const dynamodb = manifest<Sdk>()({
  name: 'dynamodb',
  files: { service: new URL('./service.ts', import.meta.url) },
  calls: {},
  async build({ store, clock, log }) {
    const { createDynamoDb } = await import('./service.ts');
    return createDynamoDb({ store, clock, log });
  },
});
