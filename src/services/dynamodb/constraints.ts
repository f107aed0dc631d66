// How DynamoDB words the refusal of input that its model does not allow, and where its server differs from the model.

import { type ConstraintRules, validationRefusal } from '../../wire/violation.ts';

/** AWS: its server lists these values in an order of its own (dynalite's and moto's tests, verified against AWS). */
const orderOf = (...values: string[]) => ({
  instead: { enum: values },
  because: 'the order in which AWS lists the values',
});

/** DynamoDB's validation errors. */
export const constraints: ConstraintRules = {
  refuse: validationRefusal('ValidationException'),
  refusesMissing: true,
  exceptions: {
    AttributeName: {
      instead: { max: undefined },
      because: 'every write would visit every attribute; item-writes.ts checks the names of large items',
    },
    AutoScalingPolicyName: {
      instead: { pattern: '[\\x20-\\x7E]+' },
      because: 'the class Print of Java, which JavaScript does not have; no operation of Millpond takes it',
    },
    ComparisonOperator: orderOf(
      ...[
        'IN',
        'NULL',
        'BETWEEN',
        'LT',
        'NOT_CONTAINS',
        'EQ',
        'GT',
        'NOT_NULL',
        'NE',
        'LE',
        'BEGINS_WITH',
        'GE',
      ],
      'CONTAINS',
    ),
    ConditionalOperator: orderOf('OR', 'AND'),
    ProjectionType: orderOf('ALL', 'INCLUDE', 'KEYS_ONLY'),
    ReturnValue: orderOf('ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'),
    ScalarAttributeType: orderOf('B', 'N', 'S'),
    Select: orderOf('SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'),
  },
};
