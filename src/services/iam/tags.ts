// What IAM says of the tags of its entities.

import { describeViolation, taggingBy } from '../../aws/tags.ts';
import { invalidInput, limitExceeded } from './faults.ts';

<<<<<<< HEAD
export const tagging = taggingBy({
  most: 50,
  keysIgnoreCase: true,
  fault(violation) {
    switch (violation.rule) {
      case 'too many':
        return limitExceeded('TagsPerResource', violation.most);
      case 'given twice':
        return invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
      default:
        return invalidInput(describeViolation(violation));
=======
const MAX_TAGS = 50;

interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** Throws InvalidInput or LimitExceeded. */
export function withTags(
  held: Record<string, string>,
  given: readonly GivenTag[] | undefined,
): Record<string, string> {
  const all = { ...held };
  const seen = new Set<string>();
  for (const { Key = '', Value } of given ?? []) {
    const folded = Key.toLowerCase();
    if (seen.has(folded)) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
>>>>>>> 964f2b2 (IAM and STS refuse what their models do not allow, in AWS's words)
    }
  },
});
