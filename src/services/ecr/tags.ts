// The rules for tags of repositories.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidTag, tooManyTags } from './faults.ts';

/** AWS: 50 tags. */
export const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    violation.rule === 'too many' ? tooManyTags(violation.most) : invalidTag(describeViolation(violation)),
});
