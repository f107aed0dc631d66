// The tag rules of Route 53: fifty tags per hosted zone, and Route 53's errors.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidInput } from './faults.ts';

/** Adds and removes tags of a hosted zone. Throws InvalidInput. */
export const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    invalidInput(
      violation.rule === 'too many'
        ? `Number of tags exceeds the limit of ${violation.most} for the resource.`
        : describeViolation(violation),
    ),
});
