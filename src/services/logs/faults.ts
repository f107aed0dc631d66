// Every error of CloudWatch Logs, with AWS's text.

import { Fault } from '../../wire/fault.ts';
import type { MalformedQuery } from './insights/language/malformed.ts';

export const noSuchGroup = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified log group does not exist.');

export const noSuchStream = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified log stream does not exist.');

export const noSuchFilter = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified metric filter does not exist.');

export const noSuchSubscription = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified subscription filter does not exist.');

/** For a tag operation whose ARN is not a log group's. */
export const noSuchResource = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified resource does not exist.');

export const groupExists = (): Fault =>
  new Fault('ResourceAlreadyExistsException', 'The specified log group already exists');

export const streamExists = (): Fault =>
  new Fault('ResourceAlreadyExistsException', 'The specified log stream already exists');

/** For more log groups than the quota allows. */
export const limitExceeded = (): Fault => new Fault('LimitExceededException', 'Resource limit exceeded.');

/** For more queries than may run at the same time. */
export const tooManyQueries = (): Fault =>
  new Fault('LimitExceededException', 'The maximum number of concurrent queries is reached.');

export const noSuchQuery = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified query does not exist.');

export const noSuchQueryDefinition = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified query definition does not exist.');

export const noSuchRecord = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified log record does not exist.');

/** For a query that has ended. */
export const queryNotRunning = (status: string): Fault =>
  invalid(`The specified query is not running: its status is ${status}.`);

/** AWS: the place in the query is in a member of the error. */
export const malformedQuery = ({ message, place }: MalformedQuery): Fault =>
  new Fault('MalformedQueryException', message, {
    members: {
      queryCompileError: { location: { startCharOffset: place.start, endCharOffset: place.end }, message },
    },
  });

/** InvalidParameterException with any text. */
export const invalid = (message: string): Fault => new Fault('InvalidParameterException', message);

/** For a batch whose timestamps decrease. */
export const outOfOrder = (): Fault =>
  invalid('Log events in a single PutLogEvents request must be in chronological order.');

/** For a page token that the list did not issue. */
export const invalidToken = (): Fault => invalid('The specified nextToken is invalid.');

/** For more subscription filters of one log group than the quota allows. */
export const tooManySubscriptions = (): Fault =>
  new Fault('LimitExceededException', 'Resource limit exceeded.');

/** AWS: for a function that is not there or does not allow CloudWatch Logs to invoke it (public reports). */
export const destinationRefused = (): Fault =>
  invalid(
    'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
  );

/** For more metric filters of one log group than the quota allows. */
export const tooManyFilters = (): Fault => new Fault('LimitExceededException', 'Resource limit exceeded.');

export const invalidPattern = (): Fault => invalid('Invalid filter pattern');

export const tooManyTags = (limit: number): Fault =>
  new Fault('TooManyTagsException', `A resource can have no more than ${limit} tags.`);
