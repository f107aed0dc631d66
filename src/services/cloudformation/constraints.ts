// How CloudFormation words a violation of its model, and where its server deviates from that model.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/** Violations answer ValidationError. */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('ValidationError'),
  exceptions: {
    'CreateStackInput.StackName': {
      instead: { min: 1, max: 128, pattern: '[a-zA-Z][-a-zA-Z0-9]*' },
      because: 'the API reference of CreateStack; the model does not constrain the name of a new stack',
    },
  },
};
