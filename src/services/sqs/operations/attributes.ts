// GetQueueAttributes and SetQueueAttributes.

import { findQueue } from '../context.ts';
import { effectiveAttributes, selected, withAttributes } from '../domain/attributes.ts';
import { isFifoName, queueArn } from '../domain/queue-names.ts';
import { checkRedrive } from '../redrive.ts';
import type { Operation } from '../sdk.ts';

/** AWS: returns nothing unless attributes are named. Throws QueueDoesNotExist, InvalidAttributeName. */
export const GetQueueAttributes: Operation<'GetQueueAttributes'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  if (!input.AttributeNames?.length) return {};
  const { visible, delayed, inFlight } = sqs.mailboxes.counts(scope, queue);
  const all = {
    ...effectiveAttributes(queue),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    CreatedTimestamp: secondsOf(queue.createdAt),
    LastModifiedTimestamp: secondsOf(queue.modifiedAt),
    QueueArn: queueArn(scope, queue.name),
  };
  return { Attributes: selected(all, input.AttributeNames) };
};

const secondsOf = (at: number): string => String(Math.floor(at / 1_000));

/** Throws QueueDoesNotExist, InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue. */
export const SetQueueAttributes: Operation<'SetQueueAttributes'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    const attributes = withAttributes(queue.attributes, input.Attributes, isFifoName(queue.name));
    if (input.Attributes.RedrivePolicy) checkRedrive(sqs, scope, queue.name, attributes);
    sqs.records.queues.put(scope, { ...queue, attributes, modifiedAt: sqs.clock.now() });
    return {};
  });
