// DeleteQueue, GetQueueUrl, ListQueues, ListDeadLetterSourceQueues and PurgeQueue.

import { pagesOf } from '../../../aws/pages.ts';
import { randomHex } from '../../../kernel/ids.ts';
import { findQueue, urlOf } from '../context.ts';
import { queueArn } from '../domain/queue-names.ts';
import { invalidToken, outsideOf, purgeInProgress } from '../faults.ts';
import type { Operation } from '../sdk.ts';

const MOST_LISTED = 1_000;
/** AWS: the least time between two purges of a queue. */
const BETWEEN_PURGES_MS = 60_000;

const queuePages = pagesOf({ list: 'sqs queues', invalidToken });
const sourcePages = pagesOf({ list: 'sqs dead-letter sources', invalidToken });

/** Deletes the queue with its messages. Throws QueueDoesNotExist. */
export const DeleteQueue: Operation<'DeleteQueue'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    sqs.records.queues.remove(scope, queue.name);
    sqs.sweeper.abandon(scope, queue.mailbox);
    sqs.waiting.notify(queue.mailbox);
    return {};
  });

/** Throws QueueDoesNotExist. */
export const GetQueueUrl: Operation<'GetQueueUrl'> = (sqs, input, context) => {
  const scope = { ...context, accountId: input.QueueOwnerAWSAccountId ?? context.accountId };
  const { name } = sqs.records.queues.existing(scope, input.QueueName);
  return { QueueUrl: urlOf(sqs, context, scope, { name }) };
};

/** The queues of the account in this region, by name. */
export const ListQueues: Operation<'ListQueues'> = async (sqs, input, context) => {
  const { items, token } = await queuePages.ofCollection(sqs.records.queues, context, {
    limit: limitOf(input.MaxResults),
    token: input.NextToken,
    prefix: input.QueueNamePrefix ?? '',
  });
  const urls = items.map((queue) => urlOf(sqs, context, context, queue));
  return {
    ...(urls.length > 0 && { QueueUrls: urls }),
    // AWS: a request without MaxResults gets a single page and no token.
    ...(token !== undefined && input.MaxResults !== undefined && { NextToken: token }),
  };
};

/** The queues whose redrive policy names this queue. Throws QueueDoesNotExist. */
export const ListDeadLetterSourceQueues: Operation<'ListDeadLetterSourceQueues'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  const limit = limitOf(input.MaxResults);
  const after = sourcePages.keyOf(input.NextToken);
  const arn = queueArn(scope, queue.name);
  const found = sqs.records.queues.by(scope, 'deadLetterTarget', arn, { after, limit: limit + 1 });
  const shown = found.slice(0, limit);
  return {
    queueUrls: shown.map((source) => urlOf(sqs, context, scope, source)),
    ...(found.length > limit && { NextToken: sourcePages.tokenFor(shown.at(-1)!.name) }),
  };
};

/** Deletes all messages at once; AWS takes up to a minute. Throws QueueDoesNotExist, PurgeQueueInProgress. */
export const PurgeQueue: Operation<'PurgeQueue'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    const now = sqs.clock.now();
    if (queue.purgedAt !== undefined && now - queue.purgedAt < BETWEEN_PURGES_MS) {
      throw purgeInProgress(queue.name);
    }
    sqs.records.queues.put(scope, { ...queue, mailbox: randomHex(16), purgedAt: now });
    sqs.sweeper.abandon(scope, queue.mailbox);
    return {};
  });

function limitOf(given: number | undefined): number {
  if (given === undefined) return MOST_LISTED;
  if (given < 1 || given > MOST_LISTED) throw outsideOf('MaxResults', given, 1, MOST_LISTED);
  return given;
}
