// Every error that SQS answers, with its text. AWS: the errors of its front end have other names in JSON than in the
// query protocol; `code` is the older name. Codes and conditions come from recordings of AWS that other projects
// published (2024 to 2026). Texts marked `own` are Millpond's.

import { Fault } from '../../wire/fault.ts';

/** No queue has this URL, name or ARN. */
export const queueDoesNotExist = (): Fault =>
  new Fault('QueueDoesNotExist', 'The specified queue does not exist.');

/** CreateQueue with an attribute that differs from the present queue's. */
export const queueExists = (attribute: string): Fault =>
  new Fault(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );

/** An invalid value; the message says which. */
export const invalidParameterValue = (message: string): Fault =>
  new Fault('InvalidParameterValueException', message, { code: 'InvalidParameterValue' });

/** A required parameter is missing. */
export const missingParameter = (name: string): Fault =>
  new Fault('MissingRequiredParameterException', `The request must contain the parameter ${name}.`, {
    code: 'MissingParameter',
  });

export const invalidQueueName = (): Fault =>
  invalidParameterValue(
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );

export const invalidFifoName = (): Fault =>
  invalidParameterValue(
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
  );

/** An invalid value of a parameter or an attribute. */
export const invalidValueOf = (name: string, value: string | number, reason: string): Fault =>
  invalidParameterValue(`Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);

/** A number outside of its range. */
export const outsideOf = (name: string, value: number, least: number, most: number): Fault =>
  invalidValueOf(name, value, `Must be >= ${least} and <= ${most}, if provided.`);

export const unknownAttribute = (name: string): Fault =>
  new Fault('InvalidAttributeName', `Unknown Attribute ${name.slice(0, 100)}.`);

export const invalidAttributeValue = (name: string): Fault =>
  new Fault('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);

/** The attribute FifoQueue of a queue that exists. */
export const queueTypeIsFixed = (): Fault =>
  new Fault(
    'InvalidAttributeValue',
    'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  );

/** FifoThroughputLimit perMessageGroupId without DeduplicationScope messageGroup. */
export const limitNeedsScope = (): Fault =>
  new Fault(
    'InvalidAttributeValue',
    'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.' /* own */,
  );

export const invalidCharacters = (): Fault =>
  new Fault(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );

export const messageTooLong = (most: number): Fault =>
  invalidParameterValue(
    `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
  );

export const invalidReceiptHandle = (): Fault =>
  new Fault('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');

/** A parameter of FIFO queues for a standard queue, or the reverse. */
export const notOfThisQueueType = (name: string, value: string | number): Fault =>
  invalidValueOf(
    name,
    typeof value === 'string' ? value.slice(0, 128) : value,
    'The request include parameter that is not valid for this queue type.',
  );

/** A message for a FIFO queue that has nothing to tell duplicates by. */
export const deduplicationIdWanted = (): Fault =>
  invalidParameterValue(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );

/** AWS: a message of a FIFO queue can be deleted only while it is in flight. */
export const handleExpired = (handle: string): Fault =>
  invalidValueOf('ReceiptHandle', handle, 'The receipt handle has expired.');

/** The message is not in flight, or the handle is not its newest. */
export const notAvailable = (handle: string): Fault =>
  invalidValueOf(
    'ReceiptHandle',
    handle,
    'Message does not exist or is not available for visibility timeout change.',
  );

/** ChangeMessageVisibility would hide the message for longer than twelve hours in total. */
export const beyondLimit = (timeout: number, most: number): Fault =>
  invalidValueOf(
    'VisibilityTimeout',
    timeout,
    `Total VisibilityTimeout for the message is beyond the limit [${most} seconds]`,
  );

export const emptyBatch = (entry: string): Fault =>
  new Fault('EmptyBatchRequest', `There should be at least one ${entry} in the request.`);

export const tooManyEntries = (most: number, given: number): Fault =>
  new Fault(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are ${most}. You have sent ${given}.`,
  );

export const invalidBatchEntryId = (): Fault =>
  new Fault(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );

export const repeatedBatchEntryId = (id: string): Fault =>
  new Fault('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);

export const batchTooLong = (most: number, given: number): Fault =>
  new Fault(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${most} bytes. You have sent ${given} bytes.`,
  );

export const purgeInProgress = (name: string): Fault =>
  new Fault('PurgeQueueInProgress', `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`);

export const tooManyInFlight = (): Fault =>
  new Fault('OverLimit', 'Too many messages of this queue are in flight.' /* own */);

/** own */
export const unsupported = (message: string): Fault => new Fault('UnsupportedOperation', message);

/** own */
export const invalidToken = (): Fault => invalidParameterValue('Invalid or expired next token.');

export const accessDenied = (): Fault =>
  new Fault('AccessDeniedException', 'Access to the resource is denied.', {
    status: 403,
    code: 'AccessDenied',
  });

export const taskNotFound = (): Fault => new Fault('ResourceNotFoundException', 'Task does not exist.');

/** own */
export const sourceNotFound = (): Fault =>
  new Fault(
    'ResourceNotFoundException',
    'The resource that you specified for the SourceArn parameter doesn’t exist.',
  );
