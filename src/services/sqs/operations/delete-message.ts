// DeleteMessage, ChangeMessageVisibility and their batches.

import { findQueue } from '../context.ts';
import { checkVisibilityTimeout } from '../domain/attributes.ts';
import { missingParameter } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { inBatch } from './batch.ts';

/** An outdated handle is not an error. Throws QueueDoesNotExist, ReceiptHandleIsInvalid. */
export const DeleteMessage: Operation<'DeleteMessage'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  sqs.store.transaction(() => sqs.mailboxes.delete(scope, queue, input.ReceiptHandle));
  sqs.metrics.count(scope, queue.name, 'NumberOfMessagesDeleted', 1);
  return {};
};

/** As DeleteMessage, for up to ten messages. */
export const DeleteMessageBatch: Operation<'DeleteMessageBatch'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  return sqs.store.transaction(() =>
    inBatch('DeleteMessageBatchRequestEntry', input.Entries, ({ ReceiptHandle = '' }) => {
      sqs.mailboxes.delete(scope, queue, ReceiptHandle);
      sqs.metrics.count(scope, queue.name, 'NumberOfMessagesDeleted', 1);
      return {};
    }),
  );
};

/** Throws QueueDoesNotExist, ReceiptHandleIsInvalid, InvalidParameterValue. */
export const ChangeMessageVisibility: Operation<'ChangeMessageVisibility'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  const { ReceiptHandle, VisibilityTimeout } = input;
  checkVisibilityTimeout(VisibilityTimeout);
  sqs.store.transaction(() => sqs.mailboxes.hide(scope, queue, ReceiptHandle, VisibilityTimeout));
  return {};
};

/** As ChangeMessageVisibility, for up to ten messages. */
export const ChangeMessageVisibilityBatch: Operation<'ChangeMessageVisibilityBatch'> = (
  sqs,
  input,
  context,
) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  return sqs.store.transaction(() =>
    inBatch(
      'ChangeMessageVisibilityBatchRequestEntry',
      input.Entries,
      ({ ReceiptHandle = '', VisibilityTimeout }) => {
        if (VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout');
        checkVisibilityTimeout(VisibilityTimeout);
        sqs.mailboxes.hide(scope, queue, ReceiptHandle, VisibilityTimeout);
        return {};
      },
    ),
  );
};
