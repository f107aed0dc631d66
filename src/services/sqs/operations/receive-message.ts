// ReceiveMessage, with long polling.

import type { Client } from '../../../wire/service.ts';
import { findQueue, type Sqs } from '../context.ts';
import { md5OfAttributes, md5OfBody } from '../digests.ts';
import { checkVisibilityTimeout, numberOf } from '../domain/attributes.ts';
import { askedAttributes, checkId } from '../domain/message-rules.ts';
import type { Message, MessageAttributes } from '../domain/model.ts';
import { isFifoName } from '../domain/queue-names.ts';
import { handleOf } from '../domain/receipt-handle.ts';
import { invalidValueOf, notOfThisQueueType, outsideOf } from '../faults.ts';
import type { FoundQueue } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';

const MOST_MESSAGES = 10;
const LONGEST_WAIT_SECONDS = 20;

/** A call from another service in this process has no connection that could end. */
const ALWAYS_THERE: Client = { isGone: false, onGone: () => () => {} };

/**
 * Returns up to ten due messages, and waits for the first up to WaitTimeSeconds. Throws QueueDoesNotExist,
 * InvalidParameterValue, OverLimit.
 */
export const ReceiveMessage: Operation<'ReceiveMessage'> = async (sqs, input, context) => {
  const asked = findQueue(sqs, context, input.QueueUrl);
  const { queue } = asked;
  const most = input.MaxNumberOfMessages ?? 1;
  if (most < 1 || most > MOST_MESSAGES) {
    throw invalidValueOf('MaxNumberOfMessages', most, `Must be between 1 and ${MOST_MESSAGES}, if provided.`);
  }
  const { WaitTimeSeconds: waitFor = numberOf(queue, 'ReceiveMessageWaitTimeSeconds') } = input;
  if (waitFor < 0 || waitFor > LONGEST_WAIT_SECONDS) {
    throw outsideOf('WaitTimeSeconds', waitFor, 0, LONGEST_WAIT_SECONDS);
  }
  if (input.VisibilityTimeout !== undefined) checkVisibilityTimeout(input.VisibilityTimeout);
  const { ReceiveRequestAttemptId: attemptId } = input;
  if (attemptId !== undefined) {
    if (!isFifoName(queue.name)) throw notOfThisQueueType('ReceiveRequestAttemptId', attemptId);
    checkId('ReceiveRequestAttemptId', attemptId);
  }
  const client = context.client ?? ALWAYS_THERE;
  const messages = await firstOf(sqs, client, performance.now() + waitFor * 1_000, () => {
    // The queue may have been purged, changed or deleted while the receiver waited.
    const found = findQueue(sqs, context, input.QueueUrl);
    const seconds = input.VisibilityTimeout ?? numberOf(found.queue, 'VisibilityTimeout');
    const wanted = { most, visibilitySeconds: seconds, attemptId };
    return { found, messages: sqs.mailboxes.take(found.scope, found.queue, wanted) };
  });
  const metric = messages.length > 0 ? 'NumberOfMessagesReceived' : 'NumberOfEmptyReceives';
  sqs.metrics.count(asked.scope, queue.name, metric, messages.length || 1);
  return messages.length > 0 ? { Messages: messages.map((message) => shown(message, input)) } : {};
};

/** Retries `take` whenever a message may be due, until `until` (milliseconds of performance.now). */
async function firstOf(
  sqs: Sqs,
  client: Client,
  until: number,
  take: () => { found: FoundQueue; messages: Message[] },
): Promise<Message[]> {
  for (;;) {
    const { found, messages } = take();
    const left = until - performance.now();
    if (messages.length > 0 || left <= 0 || sqs.waiting.isStopped || client.isGone) return messages;
    const due = sqs.mailboxes.nextDue(found.scope, found.queue);
    const wait = due === undefined ? left : Math.min(left, Math.max(due - sqs.clock.now(), 1));
    await sqs.waiting.forArrival(found.queue.mailbox, performance.now() + wait, client);
    // Messages taken for a client that has disconnected would be hidden from all others.
    if (client.isGone) return [];
  }
}

type Asked = Input<'ReceiveMessage'>;

function shown(message: Message, input: Asked) {
  const attributes = askedAttributes(message.attributes ?? {}, input.MessageAttributeNames);
  const md5 = md5OfAttributes(attributes);
  const asked = new Set<string>([
    ...(input.AttributeNames ?? []),
    ...(input.MessageSystemAttributeNames ?? []),
  ]);
  const system = Object.entries(systemAttributes(message)).filter(
    ([name, value]) => value !== undefined && (asked.has('All') || asked.has(name)),
  ) as [string, string][];
  return {
    MessageId: message.id,
    ReceiptHandle: handleOf(message),
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(md5 !== undefined && { MD5OfMessageAttributes: md5, MessageAttributes: rendered(attributes) }),
  };
}

const systemAttributes = (message: Message): Record<string, string | undefined> => ({
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  ApproximateReceiveCount: String(message.receives),
  AWSTraceHeader: message.traceHeader,
  DeadLetterQueueSourceArn: message.deadLetterSource,
  MessageDeduplicationId: message.deduplicationId,
  MessageGroupId: message.groupId,
  SenderId: message.senderId,
  SequenceNumber: message.sequence,
  SentTimestamp: String(message.sentAt),
});

const rendered = (attributes: MessageAttributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, binary }]) => [
      name,
      {
        DataType: type,
        ...(text === undefined ? { BinaryValue: Buffer.from(binary!, 'base64') } : { StringValue: text }),
      },
    ]),
  );
