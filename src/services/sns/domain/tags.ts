// What SNS says of the tags of topics.

import { describeViolation, taggingBy } from '../../../aws/tags.ts';
import { invalidParameter, tooManyTags } from '../faults.ts';

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
