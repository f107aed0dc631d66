// CloudFormation's rules for the tags of stacks, and the tags that it adds to every resource.

import { describeViolation, isReserved, taggingBy } from '../../aws/tags.ts';
import { validationError } from './faults.ts';
import type { StackRecord } from './stack/model.ts';

const MOST = 50;

/** AWS: at most 50 tags on a stack; a violation answers ValidationError. */
export const tagging = taggingBy({
  most: MOST,
  fault(violation) {
    if (violation.rule === 'given twice')
      return validationError(`Duplicate tag keys found: ${violation.key}`);
    if (violation.rule === 'too many') return validationError(`Tags exceeded the maximum of ${MOST}.`);
    return validationError(describeViolation(violation));
  },
});

/** AWS: CloudFormation adds these three tags to every resource of a stack that can have tags. */
export const tagsOfResource = (
  { stackId, stackName }: Pick<StackRecord, 'stackId' | 'stackName'>,
  logicalId: string,
): Record<string, string> => ({
  'aws:cloudformation:stack-name': stackName,
  'aws:cloudformation:stack-id': stackId,
  'aws:cloudformation:logical-id': logicalId,
});

/** The tags without those that CloudFormation added. */
export const usersTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !isReserved(key)));
