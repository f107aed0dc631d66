// The rules for tags of parameters.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { tooManyTags, validation } from './faults.ts';

/** AWS: 50 tags. */
export const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    violation.rule === 'too many' ? tooManyTags(violation.most) : validation(describeViolation(violation)),
});
