// The tag rules of SQS: fifty tags per queue, and SQS's errors.

import { type TagViolation, taggingBy } from '../../aws/tags.ts';
import { invalidParameterValue } from './faults.ts';

const MOST = 50;

/** AWS: the first text is from moto's test, which was verified against AWS (5.2.5). The others are own. */
function fault(violation: TagViolation, queue: string): Error {
  switch (violation.rule) {
    case 'too many':
      return invalidParameterValue(`Too many tags added for queue ${queue}.`);
    case 'reserved':
      return invalidParameterValue('Tag keys that begin with aws: are reserved for AWS.');
    default:
      return invalidParameterValue(`Invalid tag: ${violation.rule}.`);
  }
}

/** Adds and removes tags of the queue with this name. Throws InvalidParameterValue. */
export const taggingOf = (queue: string) =>
  taggingBy({ most: MOST, fault: (violation) => fault(violation, queue) });

/** AWS: UntagQueue without keys (moto's test, verified against AWS, 5.2.5). */
export const noTagKeys = (): Error =>
  invalidParameterValue('Tag keys must be between 1 and 128 characters in length.');
