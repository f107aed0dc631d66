// The rules for tags of log groups.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalid, tooManyTags } from './faults.ts';

/** AWS: 50 tags. */
export const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    violation.rule === 'too many' ? tooManyTags(violation.most) : invalid(describeViolation(violation)),
});
