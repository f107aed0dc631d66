// What SNS answers to inputs that its model does not allow. The model says little: lengths of tags and of ARNs.

import { type ConstraintRules, inSharedWords } from '../../wire/violation.ts';

/** AWS: `ValidationError`, one of the common errors in SNS's API reference, also for what is required and absent. */
export const constraints: ConstraintRules = {
  refuse: inSharedWords('ValidationError'),
  refusesMissing: true,
};
