// How SSM words the refusal of input that its model does not allow, and where its server differs from the model.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/** SSM's exceptions to its model, and its validation errors. */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('ValidationException'),
  refusesMissing: true,
  exceptions: {
    PSParameterValue: {
      instead: { min: 1 },
      because: 'the user guide says that parameters cannot be empty; the model no longer has a minimum',
    },
  },
};
