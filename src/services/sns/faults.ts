// Every error that SNS answers, with its exact text.

import { Fault } from '../../wire/fault.ts';

/** The named topic does not exist. */
export const topicNotFound = (): Fault => new Fault('NotFoundException', 'Topic does not exist');

/** The named subscription does not exist, or lies in another region. */
export const subscriptionNotFound = (): Fault =>
  new Fault('NotFoundException', 'Subscription does not exist');

/** The topic of a tag operation does not exist. */
export const resourceNotFound = (): Fault =>
  new Fault('ResourceNotFoundException', 'Resource does not exist');

/** AWS: the message names the parameter, and sometimes gives a reason. */
export const invalidParameter = (what: string, reason?: string): Fault =>
  new Fault('InvalidParameterException', `Invalid parameter: ${what}${reason ? ` Reason: ${reason}` : ''}`);

/**
 * AWS: Subscribe reports an invalid attribute as `Attributes` with a reason; SetSubscriptionAttributes names the
 * attribute itself. Runs `check` and rewrites the errors of the second kind into the first.
 */
export function asOneOfAttributes<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    const said =
      error instanceof Fault && /^Invalid parameter: (?<rest>.*)$/s.exec(error.message)?.groups?.rest;
    throw said ? invalidParameter('Attributes', said) : error;
  }
}

/** AWS: an unsigned request is reported as the user `anonymous`. */
export const signatureWanted = (action: string, resource: string): Fault =>
  new Fault(
    'AuthorizationErrorException',
    `User: anonymous is not authorized to perform: SNS:${action} on resource: ${resource}`,
  );

/** The confirmation token is malformed. */
export const invalidToken = (): Fault => new Fault('InvalidParameterException', 'Invalid token');

/** A message attribute is invalid. */
export const invalidAttributeValue = (message: string): Fault =>
  new Fault('InvalidParameterValueException', message);

export const topicLimitExceeded = (): Fault =>
  new Fault('TopicLimitExceededException', 'Topic limit exceeded');

export const subscriptionLimitExceeded = (): Fault =>
  new Fault('SubscriptionLimitExceededException', 'Subscription limit exceeded');

export const filterPolicyLimitExceeded = (): Fault =>
  new Fault('FilterPolicyLimitExceededException', 'Filter policy limit exceeded');

/** AWS: the odd wording is its own. */
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

/** A feature that Millpond does not support, refused by name. */
export const unsupported = (what: string, why: string): Fault =>
  invalidParameter(what, `Millpond does not support ${why}`);
