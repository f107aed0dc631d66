// What STS answers to inputs that its model does not allow, and where its server allows something else.

import { type ConstraintRules, inSharedWords } from '../../wire/violation.ts';

export const constraints: ConstraintRules = {
  refuse: inSharedWords('ValidationError'),
  exceptions: {
    accessKeyIdType: {
      instead: { min: 12 },
      because: 'with Millpond the id of an account, of 12 digits, is an access key as well',
    },
  },
};
