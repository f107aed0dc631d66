// What SSM answers to inputs that its model does not allow, and where its server allows something else.

import { type ConstraintRules, inSharedWords } from '../../wire/violation.ts';

export const constraints: ConstraintRules = {
  refuse: inSharedWords('ValidationException'),
  refusesMissing: true,
  exceptions: {
    PSParameterValue: {
      instead: { min: 1 },
      because: 'parameters cannot be empty, as the user guide says; the model has a minimum no more',
    },
  },
};
