// What SQS answers to inputs that its model does not allow.

import { type ConstraintRules, plainPath } from '../../wire/violation.ts';
import { missingParameter, queueDoesNotExist, unknownAttribute } from './faults.ts';

export const constraints: ConstraintRules = {
  refuse([violation]) {
    const { breach, shown } = violation!;
    const path = plainPath(violation!);
    // AWS: a queue that is not named is one that does not exist.
    if (!breach) return path === 'QueueUrl' ? queueDoesNotExist() : missingParameter(path);
    return unknownAttribute(shown ?? path);
  },
  refusesMissing: true,
  exceptions: {
    MessageSystemAttributeName: {
      instead: {},
      because: 'names that no message has are passed over, as the guide of ReceiveMessage has it',
    },
    QueueAttributeName: {
      instead: {},
      because:
        'the same shape names the attributes of queues and of messages; the operations tell them apart',
    },
  },
};
