// How STS words the refusal of input that its model does not allow, and where its server differs from the model.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/** STS's exceptions to its model, and its validation errors. */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('ValidationError'),
  exceptions: {
    accessKeyIdType: {
      instead: { min: 12 },
      because: 'in Millpond an account id, which has 12 digits, is also a valid access key',
    },
  },
};
