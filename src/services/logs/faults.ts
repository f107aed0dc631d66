// Every error CloudWatch Logs answers, with its exact text.

import { Fault } from '../../wire/fault.ts';

export const noSuchGroup = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified log group does not exist.');

export const noSuchStream = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified log stream does not exist.');

export const noSuchFilter = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified metric filter does not exist.');

export const noSuchResource = (): Fault =>
  new Fault('ResourceNotFoundException', 'The specified resource does not exist.');

export const groupExists = (): Fault =>
  new Fault('ResourceAlreadyExistsException', 'The specified log group already exists');

export const streamExists = (): Fault =>
  new Fault('ResourceAlreadyExistsException', 'The specified log stream already exists');

export const limitExceeded = (): Fault => new Fault('LimitExceededException', 'Resource limit exceeded.');

export const invalid = (message: string): Fault => new Fault('InvalidParameterException', message);

export const outOfOrder = (): Fault =>
  invalid('Log events in a single PutLogEvents request must be in chronological order.');

export const invalidToken = (): Fault => invalid('The specified nextToken is invalid.');

export const tooManyFilters = (): Fault => new Fault('LimitExceededException', 'Resource limit exceeded.');

export const invalidPattern = (): Fault => invalid('Invalid filter pattern');

export const tooManyTags = (limit: number): Fault =>
  new Fault('TooManyTagsException', `A resource can have no more than ${limit} tags.`);
