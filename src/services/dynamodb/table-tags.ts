// The tag rules of DynamoDB: fifty tags of a table, and DynamoDB's errors.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidParameter } from './faults/validation.ts';

const MOST = 50;

/** Adds and removes tags of a table. Throws ValidationException. The texts are Millpond's own. */
export const tagging = taggingBy({
  most: MOST,
  fault: (violation) => invalidParameter(describeViolation(violation)),
});
