// How Elastic Load Balancing words the refusal of input that its model does not allow, and where its server differs from the model.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/** Elastic Load Balancing's validation errors. */
export const constraints: ConstraintRules = { refuse: validationRefusal('ValidationError') };
