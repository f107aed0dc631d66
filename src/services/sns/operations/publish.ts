// Publish and PublishBatch queue a message for every subscription whose filter accepts it, in one transaction.

import { randomUUID } from 'node:crypto';
import type { BatchResultErrorEntry, PublishBatchResultEntry } from '@aws-sdk/client-sns';
import { Fault } from '../../../wire/fault.ts';
import { type FoundTopic, findTopic, type Sns, subscriptionsOf } from '../context.ts';
import { MOST_MESSAGE_BYTES, messageOf, type PublishRequest, sizeOf } from '../domain/message.ts';
import { type Message, textFor } from '../domain/model.ts';
import { topicArn } from '../domain/names.ts';
import {
  batchIdsNotDistinct,
  batchTooBig,
  batchTooLong,
  emptyBatch,
  invalidBatchId,
  invalidParameter,
  unsupported,
} from '../faults.ts';
import { filterIn } from '../filter/policy.ts';
import type { Operation } from '../sdk.ts';

const MOST_ENTRIES = 10;

/** Returns once the deliveries are stored. Throws InvalidParameter, InvalidParameterValue, NotFound. */
export const Publish: Operation<'Publish'> = (sns, input, context) => {
  if (input.PhoneNumber !== undefined) throw unsupported('PhoneNumber', 'text messages.');
  const arn = input.TopicArn ?? input.TargetArn;
  if (arn === undefined) {
    throw invalidParameter('TopicArn or TargetArn', 'no value for required parameter');
  }
  refuseFifo(input);
  const MessageId = randomUUID();
  sns.store.transaction(() => {
    const found = findTopic(sns, context, arn, input.TopicArn === undefined ? 'TargetArn' : 'TopicArn');
    accept(sns, found, [messageFor(sns, found, MessageId, input)]);
  });
  return { MessageId };
};

/** An invalid entry fails alone; an invalid batch fails as a whole. */
export const PublishBatch: Operation<'PublishBatch'> = (sns, input, context) => {
  const entries = input.PublishBatchRequestEntries;
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > MOST_ENTRIES) throw batchTooBig();
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id ?? ''))) throw invalidBatchId();
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw batchIdsNotDistinct();
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > MOST_MESSAGE_BYTES) throw batchTooLong();
  const Successful: PublishBatchResultEntry[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  sns.store.transaction(() => {
    const found = findTopic(sns, context, input.TopicArn);
    const messages: Message[] = [];
    for (const entry of entries) {
      const MessageId = randomUUID();
      try {
        refuseFifo(entry);
        messages.push(messageFor(sns, found, MessageId, entry));
        Successful.push({ Id: entry.Id, MessageId });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        const Code = error.shape.replace(/^InvalidParameterException$/, 'InvalidParameter');
        Failed.push({ Id: entry.Id, Code, Message: error.message, SenderFault: true });
      }
    }
    accept(sns, found, messages);
  });
  return { Successful, Failed };
};

/** AWS: deduplication ids are only for FIFO topics. */
function refuseFifo(input: {
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
}): void {
  if (input.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId',
      'The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
}

const messageFor = (sns: Sns, { scope, topic }: FoundTopic, id: string, request: PublishRequest): Message =>
  messageOf(request, { id, topicArn: topicArn(scope, topic.name), at: sns.clock.now() });

function accept(sns: Sns, { scope, topic }: FoundTopic, messages: readonly Message[]): void {
  const readers = subscriptionsOf(sns, scope, topic.name)
    .filter((one) => !one.pending)
    .map((subscription) => ({ subscription, filter: filterIn(subscription.attributes) }));
  for (const message of messages) {
    const wanted = readers.filter(
      ({ subscription, filter }) => !filter || filter(message, textFor(message, subscription.protocol)),
    );
    sns.deliveries.accept(
      scope,
      message,
      wanted.map(({ subscription }) => subscription),
    );
  }
}
