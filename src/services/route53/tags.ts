// What Route 53 says of the tags of hosted zones.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidInput } from './faults.ts';

export const tagging = taggingBy({
  most: 50,
  fault: (violation) =>
    invalidInput(
      violation.rule === 'too many'
        ? `Number of tags exceeds the limit of ${violation.most} for the resource.`
        : describeViolation(violation),
    ),
});
