// Tags of queues.

import { type TagViolation, taggingBy } from '../../aws/tags.ts';
import { invalidParameterValue } from './faults.ts';

const MOST = 50;

/** AWS: codes as TagQueue's guide has them; the texts are own. */
function fault(violation: TagViolation): Error {
  switch (violation.rule) {
    case 'too many':
      return invalidParameterValue(`Too many tags added for queue. Maximum is ${violation.most}.`);
    case 'reserved':
      return invalidParameterValue('Tag keys that begin with aws: are reserved for AWS.');
    default:
      return invalidParameterValue(`Invalid tag: ${violation.rule}.`);
  }
}

export const tagging = taggingBy({ most: MOST, fault });
