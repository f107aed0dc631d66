// What ElastiCache answers to inputs that its model does not allow. The model says little: values of enumerations, whole
// numbers, ids of users and node groups. How the server words it is not known.

import { type ConstraintRules, inSharedWords } from '../../wire/violation.ts';

export const constraints: ConstraintRules = { refuse: inSharedWords('InvalidParameterValueException') };
