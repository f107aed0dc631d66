// How ElastiCache answers an input that breaks its model. The model constrains little: enumerations, whole numbers,
// and the ids of users and node groups. The server's real wording is not known.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/** Refuses every violation as InvalidParameterValue, in the wording that all services share. */
export const constraints: ConstraintRules = { refuse: validationRefusal('InvalidParameterValueException') };
