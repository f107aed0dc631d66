// Every error SNS answers, with its exact text.

import { Fault } from '../../wire/fault.ts';

export const topicNotFound = (): Fault => new Fault('NotFoundException', 'Topic does not exist');

export const subscriptionNotFound = (): Fault =>
  new Fault('NotFoundException', 'Subscription does not exist');

/** Of the operations on tags. */
export const resourceNotFound = (): Fault =>
  new Fault('ResourceNotFoundException', 'Resource does not exist');

/** AWS: names the parameter, and sometimes a reason. */
export const invalidParameter = (what: string, reason?: string): Fault =>
  new Fault('InvalidParameterException', `Invalid parameter: ${what}${reason ? ` Reason: ${reason}` : ''}`);

/** AWS: Subscribe says of each attribute that it is one of several, where SetSubscriptionAttributes just names it. */
export function asOneOfAttributes<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    const said =
      error instanceof Fault && /^Invalid parameter: (?<rest>.*)$/s.exec(error.message)?.groups?.rest;
    throw said ? invalidParameter('Attributes', said) : error;
  }
}

/** Who sends no signature is nobody that AWS could name. */
export const signatureWanted = (action: string, resource: string): Fault =>
  new Fault(
    'AuthorizationErrorException',
    `User: anonymous is not authorized to perform: SNS:${action} on resource: ${resource}`,
  );

export const invalidToken = (): Fault => new Fault('InvalidParameterException', 'Invalid token');

export const invalidAttributeValue = (message: string): Fault =>
  new Fault('InvalidParameterValueException', message);

export const topicLimitExceeded = (): Fault =>
  new Fault('TopicLimitExceededException', 'Topic limit exceeded');

export const subscriptionLimitExceeded = (): Fault =>
  new Fault('SubscriptionLimitExceededException', 'Subscription limit exceeded');

export const filterPolicyLimitExceeded = (): Fault =>
  new Fault('FilterPolicyLimitExceededException', 'Filter policy limit exceeded');

export const tooManyTags = (): Fault =>
  new Fault('TagLimitExceededException', 'Could not complete request: tag quota of per resource exceeded');

export const emptyBatch = (): Fault =>
  new Fault('EmptyBatchRequestException', "The batch request doesn't contain any entries.");

export const batchTooBig = (): Fault =>
  new Fault(
    'TooManyEntriesInBatchRequestException',
    'The batch request contains more entries than permissible.',
  );

export const batchTooLong = (): Fault =>
  new Fault(
    'BatchRequestTooLongException',
    'The length of all the batch messages put together is more than the limit.',
  );

export const batchIdsNotDistinct = (): Fault =>
  new Fault(
    'BatchEntryIdsNotDistinctException',
    'Two or more batch entries in the request have the same Id.',
  );

export const invalidBatchId = (): Fault =>
  new Fault(
    'InvalidBatchEntryIdException',
    "The Id of a batch entry in a batch request doesn't abide by the specification.",
  );

/** What Millpond does not do, refused by name. */
export const unsupported = (what: string, why: string): Fault =>
  invalidParameter(what, `Millpond does not support ${why}`);
