// What CloudFormation says of the tags of stacks, and the tags that it gives to resources by itself.

import { describeViolation, isReserved, taggingBy } from '../../aws/tags.ts';
import { validationError } from './faults.ts';
import type { StackRecord } from './stack/model.ts';

const MOST = 50;

export const tagging = taggingBy({
  most: MOST,
  fault(violation) {
    if (violation.rule === 'given twice')
      return validationError(`Duplicate tag keys found: ${violation.key}`);
    if (violation.rule === 'too many') return validationError(`Tags exceeded the maximum of ${MOST}.`);
    return validationError(describeViolation(violation));
  },
});

/** AWS: these bear the names that every resource of a stack is found by. */
export const tagsOfResource = (
  { stackId, stackName }: Pick<StackRecord, 'stackId' | 'stackName'>,
  logicalId: string,
): Record<string, string> => ({
  'aws:cloudformation:stack-name': stackName,
  'aws:cloudformation:stack-id': stackId,
  'aws:cloudformation:logical-id': logicalId,
});

/** Without those that CloudFormation itself gave. */
export const usersTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !isReserved(key)));
