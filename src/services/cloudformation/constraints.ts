// What CloudFormation answers to inputs that its model does not allow, and where its server allows something else.

import { type ConstraintRules, inSharedWords } from '../../wire/violation.ts';

export const constraints: ConstraintRules = {
  refuse: inSharedWords('ValidationError'),
  exceptions: {
    'CreateStackInput.StackName': {
      instead: { min: 1, max: 128, pattern: '[a-zA-Z][-a-zA-Z0-9]*' },
      because: 'the API reference of CreateStack; the model leaves the name of a new stack open',
    },
  },
};
