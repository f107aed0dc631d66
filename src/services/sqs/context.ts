// The context that every operation receives, and the lookups that operations share.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { RequestContext } from '../../wire/service.ts';
import type { Queue } from './domain/model.ts';
import { queueUrl, readQueueUrl } from './domain/queue-names.ts';
import type { Mailboxes } from './mailbox.ts';
import type { QueueMetrics } from './metrics.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { FoundQueue, Records } from './records.ts';
import type { Sweeper } from './sweeper.ts';
import type { Waiting } from './waiting.ts';

/** The context of SQS's operations; `createSqs` builds it once. */
export interface Sqs {
  store: Store;
  records: Records;
  clock: Clock;
  mailboxes: Mailboxes;
  waiting: Waiting;
  sweeper: Sweeper;
  moveTasks: MoveTasks;
  metrics: Pick<QueueMetrics, 'count'>;
  /** The base URL of Millpond's API on this host, without a slash at the end, for URLs that no client asks for. */
  baseUrl(): string;
}

/** Finds a queue by its URL, which names the account. The region is that of the request. Throws QueueDoesNotExist. */
export function findQueue(sqs: Pick<Sqs, 'records'>, asked: Scope, url: string): FoundQueue {
  const { scope, name } = readQueueUrl(url, asked);
  return { scope, queue: sqs.records.queues.existing(scope, name) };
}

/** The URL of a queue for this client. It begins with the API's URL as the client reached it. */
export const urlOf = (
  sqs: Pick<Sqs, 'baseUrl'>,
  client: Pick<RequestContext, 'baseUrl'>,
  scope: Scope,
  { name }: Pick<Queue, 'name'>,
): string => queueUrl(client.baseUrl ?? sqs.baseUrl(), scope, name);
