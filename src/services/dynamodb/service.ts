// DynamoDB: tables, items and queries, without streams.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { DynamoDb } from './context.ts';
import { operations } from './operations.ts';
import type { Sdk } from './sdk.ts';

/** What `createDynamoDb` needs. */
export interface DynamoDbDependencies {
  store: Store;
  clock: Clock;
  log: Log;
}

/** Builds DynamoDB. */
export function createDynamoDb({ store, clock, ...dependencies }: DynamoDbDependencies): {
  service: Service;
} {
  const log = dependencies.log.child({ service: 'dynamodb' });
  return {
    service: defineService<Sdk, DynamoDb>('dynamodb', { store, clock, log }, operations, { constraints }),
  };
}
