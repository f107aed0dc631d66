// How ECR words the refusal of input that its model does not allow.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/**
 * AWS: `Invalid parameter at 'repositoryName' failed to satisfy constraint: '…'` (public reports). The value is not
 * shown, and only the first violation is reported.
 */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('InvalidParameterException'),
  refusesMissing: true,
};
