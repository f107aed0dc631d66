// How ECS words the refusal of input that its model does not allow.

import { Fault } from '../../wire/fault.ts';
import { type ConstraintRules, plainPath, validationErrors } from '../../wire/violation.ts';

/**
 * ECS's validation errors. AWS: a missing member is told as `family should not be null or empty.`, as public reports have
 * it for several members; the words for other constraints are those that AWS's services share.
 */
export const constraints: ConstraintRules = {
  refuse(violations) {
    const missing = violations.find(({ breach }) => !breach);
    if (missing)
      return new Fault('ClientException', `${lastOf(plainPath(missing))} should not be null or empty.`);
    const isNumber = violations.some(
      ({ breach }) => breach?.kind === 'minValue' || breach?.kind === 'maxValue',
    );
    return new Fault(
      isNumber ? 'InvalidParameterException' : 'ClientException',
      validationErrors(violations),
    );
  },
  refusesMissing: true,
};

const lastOf = (path: string): string => path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? path;
