// What Route 53 answers to inputs that its model does not allow, and where its server allows something else.

import { type ConstraintRules, inSharedWords } from '../../wire/violation.ts';

export const constraints: ConstraintRules = {
  refuse: inSharedWords('InvalidInput'),
};
