// What Lambda says of the tags of functions.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidParameter, tooManyTags } from './faults.ts';

export const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    violation.rule === 'too many' ? tooManyTags() : invalidParameter(describeViolation(violation)),
});
