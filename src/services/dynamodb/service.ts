// DynamoDB: tables, items, queries and transactions, without streams. Tables and items are in a database of their own,
// because the store's documents could not be read in the order of keys and indexes, nor as fast.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { createCapacity, type UsageSink } from './capacity.ts';
import { constraints } from './constraints.ts';
import type { DynamoDb } from './context.ts';
import { createExpiry } from './expiry.ts';
import { dialect } from './http/dialect.ts';
import { createLifecycle } from './lifecycle.ts';
import { operations } from './operations.ts';
import type { Sdk } from './sdk.ts';
import { openStorage } from './storage/storage.ts';

/** What `createDynamoDb` needs. */
export interface DynamoDbDependencies {
  /** The file of tables and items, or `:memory:`. */
  file: string;
  clock: Clock;
  log: Log;
  /** Whether provisioned throughput is enforced. */
  isThrottled: boolean;
  /** Gets what each request consumed. */
  report: UsageSink;
}

/** DynamoDB as the manifest runs it: the operations, and the work in the background. */
export interface DynamoDbService {
  service: Service;
  /** Continues transitions of tables, and begins to delete expired items. */
  start(): void;
  /** Deletes expired items. For tests. */
  sweep(): Promise<void>;
  /** Resolves once no background work is running and the database is closed. */
  stop(): Promise<void>;
}

/** Opens the database. No background work runs before `start`. Throws an OperationalError. */
export function createDynamoDb({
  file,
  clock,
  isThrottled,
  report,
  ...rest
}: DynamoDbDependencies): DynamoDbService {
  const log = rest.log.child({ service: 'dynamodb' });
  const storage = openStorage(file);
  const lifecycle = createLifecycle({ storage, log });
  const capacity = createCapacity({ clock, isThrottled, report });
  const expiry = createExpiry({ storage, clock, log });
  const context: DynamoDb = { storage, lifecycle, clock, capacity };
  return {
    service: defineService<Sdk, DynamoDb>('dynamodb', context, operations, { constraints, dialect }),
    start() {
      lifecycle.start();
      expiry.start();
    },
    async stop() {
      await Promise.all([lifecycle.stop(), expiry.stop()]);
      storage.close();
    },
    sweep: () => expiry.sweep(),
  };
}
