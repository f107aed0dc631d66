// How CloudWatch Logs words the refusal of input that its model does not allow, and where its server differs from the
// model.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** CloudWatch Logs' exceptions to its model, and its validation errors. */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('InvalidParameterException'),
  refusesMissing: true,
  exceptions: {
    LogGroupIdentifier: {
      instead: { sensitive: 1 },
      because: 'the server does not show the value (moto’s tests, verified against AWS, 5.2.5)',
    },
    'PutRetentionPolicyRequest.retentionInDays': {
      instead: { enum: RETENTION_DAYS.map(String) },
      because:
        'the API reference of RetentionInDays lists the values, and the server reports them as an enumeration',
    },
  },
};
