// SendMessage and SendMessageBatch.

import type { RequestContext } from '../../../wire/service.ts';
import { findQueue, type Sqs } from '../context.ts';
import { deduplicationIdOf, md5OfAttributes, md5OfBody } from '../digests.ts';
import { LONGEST_MESSAGE, numberOf } from '../domain/attributes.ts';
import { checkFifoIds, type GivenMessage, givenSize, readMessage } from '../domain/message-rules.ts';
import type { Queue } from '../domain/model.ts';
import { isFifoName } from '../domain/queue-names.ts';
import { batchTooLong } from '../faults.ts';
import type { CountedMetric } from '../metrics.ts';
import type { FoundQueue } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { inBatch } from './batch.ts';

/** Throws QueueDoesNotExist, InvalidMessageContents, InvalidParameterValue. */
export const SendMessage: Operation<'SendMessage'> = (sqs, input, context) => {
  const found = findQueue(sqs, context, input.QueueUrl);
  return sqs.store.transaction(() => send(sqs, found, input, context));
};

/** As SendMessage, for up to ten messages. Throws BatchRequestTooLong for the batch. */
export const SendMessageBatch: Operation<'SendMessageBatch'> = (sqs, input, context) => {
  const found = findQueue(sqs, context, input.QueueUrl);
  const { Entries } = input;
  return sqs.store.transaction(() =>
    inBatch(
      'SendMessageBatchRequestEntry',
      Entries,
      (entry) => send(sqs, found, entry, context),
      () => {
        if (isFifoName(found.queue.name)) {
          for (const entry of Entries) checkFifoIds(entry, isContentEnough(found.queue));
        }
        const size = Entries.reduce((sum, entry) => sum + givenSize(entry), 0);
        if (size > LONGEST_MESSAGE) throw batchTooLong(LONGEST_MESSAGE, size);
      },
    ),
  );
};

const isContentEnough = ({ attributes }: Queue): boolean => attributes.ContentBasedDeduplication === 'true';

function send(sqs: Sqs, { scope, queue }: FoundQueue, given: GivenMessage, context: RequestContext) {
  const isFifo = isFifoName(queue.name);
  const read = readMessage(given, {
    ...{ longest: numberOf(queue, 'MaximumMessageSize'), isFifo },
    isContentEnough: isContentEnough(queue),
  });
  const identified = isFifo ? { deduplicationId: deduplicationIdOf(read.body), ...read } : read;
  const sent = sqs.mailboxes.put(scope, queue, identified, context.accessKeyId ?? context.accountId);
  const count = (name: CountedMetric, value: number) => sqs.metrics.count(scope, queue.name, name, value);
  count('NumberOfMessagesSent', 1);
  count('SentMessageSize', Buffer.byteLength(read.body));
  if (sent.isDuplicate) count('NumberOfDeduplicatedSentMessages', 1);
  const attributes = md5OfAttributes(read.attributes);
  const system = md5OfAttributes(
    read.traceHeader === undefined
      ? undefined
      : { AWSTraceHeader: { type: 'String', text: read.traceHeader } },
  );
  return {
    MessageId: sent.id,
    MD5OfMessageBody: md5OfBody(read.body),
    ...(attributes !== undefined && { MD5OfMessageAttributes: attributes }),
    ...(system !== undefined && { MD5OfMessageSystemAttributes: system }),
    ...(sent.sequence !== undefined && { SequenceNumber: sent.sequence }),
  };
}
