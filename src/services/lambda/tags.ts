// The rules of tags on functions.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidParameter, tooManyTags } from './faults.ts';

/** At most 50 tags; violations answer Lambda's faults. */
export const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    violation.rule === 'too many' ? tooManyTags() : invalidParameter(describeViolation(violation)),
});
