// DeleteMessage, ChangeMessageVisibility and their batches.

import { findQueue } from '../context.ts';
import { missingParameter, outsideOf } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { inBatch } from './batch.ts';

const LONGEST_VISIBILITY_SECONDS = 43_200;

/** An outdated handle is not an error. Throws QueueDoesNotExist, ReceiptHandleIsInvalid. */
export const DeleteMessage: Operation<'DeleteMessage'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  sqs.store.transaction(() => sqs.mailboxes.delete(scope, queue, input.ReceiptHandle));
  return {};
};

/** As DeleteMessage, for up to ten messages. */
export const DeleteMessageBatch: Operation<'DeleteMessageBatch'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  return sqs.store.transaction(() =>
    inBatch('DeleteMessageBatchRequestEntry', input.Entries, ({ ReceiptHandle = '' }) => {
      sqs.mailboxes.delete(scope, queue, ReceiptHandle);
      return {};
    }),
  );
};

/** Throws QueueDoesNotExist, ReceiptHandleIsInvalid, InvalidParameterValue. */
export const ChangeMessageVisibility: Operation<'ChangeMessageVisibility'> = (sqs, input, context) => {
  const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
  const seconds = checkedTimeout(input.VisibilityTimeout);
  sqs.store.transaction(() => sqs.mailboxes.hide(scope, queue, input.ReceiptHandle, seconds));
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
    inBatch('ChangeMessageVisibilityBatchRequestEntry', input.Entries, (entry) => {
      if (entry.VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout');
      sqs.mailboxes.hide(scope, queue, entry.ReceiptHandle ?? '', checkedTimeout(entry.VisibilityTimeout));
      return {};
    }),
  );
};

function checkedTimeout(seconds: number): number {
  if (seconds < 0 || seconds > LONGEST_VISIBILITY_SECONDS) {
    throw outsideOf('VisibilityTimeout', seconds, 0, LONGEST_VISIBILITY_SECONDS);
  }
  return seconds;
}
