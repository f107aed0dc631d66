// What IAM says of the tags of its entities.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidInput, limitExceeded } from './faults.ts';

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
