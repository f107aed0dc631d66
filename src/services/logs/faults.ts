// Every error of CloudWatch Logs, with AWS's text.

import { Fault } from '../../wire/fault.ts';

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

/** InvalidParameterException with any text. */
export const invalid = (message: string): Fault => new Fault('InvalidParameterException', message);

/** For a batch whose timestamps decrease. */
export const outOfOrder = (): Fault =>
  invalid('Log events in a single PutLogEvents request must be in chronological order.');

/** For a page token that the list did not issue. */
export const invalidToken = (): Fault => invalid('The specified nextToken is invalid.');

/** For more metric filters of one log group than the quota allows. */
export const tooManyFilters = (): Fault => new Fault('LimitExceededException', 'Resource limit exceeded.');

export const invalidPattern = (): Fault => invalid('Invalid filter pattern');

export const tooManyTags = (limit: number): Fault =>
  new Fault('TooManyTagsException', `A resource can have no more than ${limit} tags.`);
