// Makes the sink of a mapping.

import type { Mapping } from '../configuration/configuration.ts';
import type { AwsCalls, Sink } from '../sink.ts';
import { createDynamoDbSink } from './dynamodb/dynamodb-sink.ts';
import { createLambdaSink } from './lambda-sink.ts';
import { createNullSink } from './null-sink.ts';
import { createQueueSink } from './queue-sink.ts';
import { createSqlSink } from './sql/sql-sink.ts';
import { createTopicSink } from './topic-sink.ts';

/** What a sink depends on: where it delivers, and in which form it gets the messages. */
export type SinkOptions = Pick<Mapping, 'target' | 'payload' | 'batch'>;

/** Connects to nothing yet. Throws InvalidOption when the target cannot be read, e.g. the URL of a database. */
export function createSink({ target, payload, batch }: SinkOptions, calls: AwsCalls): Sink {
  switch (target.kind) {
    case 'null':
      return createNullSink();
    case 'lambda':
      return createLambdaSink(
        {
          function: target.function,
          reportsItemFailures: target.reportsItemFailures,
          // The functions of the article take one object, `{ id, obj_name, body }`.
          isSingle: payload === 'article' && batch.size === 1,
        },
        calls,
      );
    case 'dynamodb':
      return createDynamoDbSink(target, calls);
    case 'sns':
      return createTopicSink(target.topic, calls);
    case 'sqs':
      return createQueueSink(target.queue, calls);
    case 'sql':
      return createSqlSink(target);
  }
}
