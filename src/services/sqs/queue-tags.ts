// Tags of queues.

import { type TagViolation, taggingBy } from '../../aws/tags.ts';
import { invalidParameterValue } from './faults.ts';

const MOST = 50;

/** AWS: the first as moto's test has it, verified against AWS (5.2.5); the texts of the others are own. */
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

/** Of the queue of this name. */
export const taggingOf = (queue: string) =>
  taggingBy({ most: MOST, fault: (violation) => fault(violation, queue) });

/** AWS: of none at all (moto's test, verified against AWS, 5.2.5). */
export const noTagKeys = (): Error =>
  invalidParameterValue('Tag keys must be between 1 and 128 characters in length.');
