// The rules for tags of load balancers and what belongs to them.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { duplicateTagKeys, tooManyTags, validation } from './faults.ts';

/** AWS: 50 tags. */
export const tagging = taggingBy({
  most: 50,
  fault(violation) {
    switch (violation.rule) {
      case 'too many':
        return tooManyTags(violation.most);
      case 'given twice':
        return duplicateTagKeys();
      default:
        return validation(describeViolation(violation));
    }
  },
});
