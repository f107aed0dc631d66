// How ECR words the refusal of input that its model does not allow.

import { Fault } from '../../wire/fault.ts';
import { type Breach, type ConstraintRules, memberPath } from '../../wire/violation.ts';

/**
 * AWS: `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '…''` (public
 * reports). The words for other constraints than patterns are those that AWS's services share.
 */
export const constraints: ConstraintRules = {
  refuse([first]) {
    const place = first ? memberPath(first) : '';
    return new Fault(
      'InvalidParameterException',
      `Invalid parameter at '${place}' failed to satisfy constraint: '${wordsOf(first?.breach)}'`,
    );
  },
  refusesMissing: true,
};

function wordsOf(breach: Breach | undefined): string {
  if (!breach) return 'Member must not be null';
  return breach.kind === 'pattern' ? `must satisfy regular expression '${breach.limit}'` : breach.words;
}
