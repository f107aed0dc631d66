// The rules for tags of IAM's entities.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidInput, limitExceeded } from './faults.ts';

/** AWS: 50 tags; keys that differ only in case are the same key. */
export const tagging = taggingBy({
  most: 50,
  keysIgnoreCase: true,
  fault(violation) {
    switch (violation.rule) {
      case 'too many':
        return limitExceeded('TagsPerResource', violation.most);
      case 'given twice':
        return invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
      default:
        return invalidInput(describeViolation(violation));
    }
  },
});
