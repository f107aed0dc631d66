// The tag rules of SNS: fifty tags per topic, and SNS's errors.

import { describeViolation, taggingBy } from '../../../aws/tags.ts';
import { invalidParameter, tooManyTags } from '../faults.ts';

/** Adds and removes tags of a topic. Throws TagLimitExceeded, InvalidParameter. */
export const tagging = taggingBy({
  most: 50,
  fault(violation) {
    switch (violation.rule) {
      case 'too many':
        return tooManyTags();
      case 'given twice':
        return invalidParameter('Duplicated keys are not allowed.');
      default:
        return invalidParameter(describeViolation(violation));
    }
  },
});
