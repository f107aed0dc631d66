// How SNS answers inputs that break the constraints of its model. The model has few: the lengths of tags and ARNs.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/** AWS: `ValidationError`, one of the common errors in SNS's API reference. A missing required member gets it, too. */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('ValidationError'),
  refusesMissing: true,
};
